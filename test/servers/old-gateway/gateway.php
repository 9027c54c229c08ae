<?php
// The old side of a move: a passport gateway and some of the account's paths, written from the wire pages alone.
// `php -S 127.0.0.1:PORT gateway.php`, with OLD_GATEWAY_STATE naming the folder of its state.
declare(strict_types=1);

require __DIR__ . '/store.php';
require __DIR__ . '/answers.php';
require __DIR__ . '/passport.php';
require __DIR__ . '/account.php';

date_default_timezone_set('Asia/Shanghai');

$folder = (string) getenv('OLD_GATEWAY_STATE');
$store = new Store($folder);
$answers = new Answers($folder);
$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

/** A query or form as passport.md §1 reads it: of a repeated name the first value counts, which PHP's own reading does not do. */
function firstValues(string $text): array
{
    $values = [];
    foreach (explode('&', $text) as $pair) {
        [$name, $value] = explode('=', $pair, 2) + [1 => ''];
        $name = urldecode($name);
        if ($name !== '') {
            $values[$name] ??= urldecode($value);
        }
    }
    return $values;
}

$type = $_SERVER['CONTENT_TYPE'] ?? '';
$body = str_starts_with($type, 'multipart/') ? '' : (string) file_get_contents('php://input');
$json = str_starts_with($type, 'application/json') ? json_decode($body, true) : null;
// The query before the body, as passport.md §1 merges them.
$params = firstValues($_SERVER['QUERY_STRING'] ?? '')
    + (is_array($json) ? array_map(strval(...), $json) : firstValues($body) + $_POST);

if ($path === '/stream') {
    header('Content-Type: text/event-stream');
    header('Cache-Control: no-store');
    for ($number = 1; $number <= 5; $number++) {
        echo "id: $number\ndata: message $number\n\n";
        flush();
        usleep(20000);
    }
    return;
}
if ($path === '/upload') {
    $sizes = array_map(fn ($file) => [$file['name'], $file['size'], md5_file($file['tmp_name'])], $_FILES);
    $answers->account($sizes);
    return;
}
if (str_starts_with($path, '/front/account/')) {
    (new Account($store, $answers))->call(str_replace('/', '.', substr($path, 1)), $params);
    return;
}
if (!in_array($path, ['/', '/gateway', '/gateway/'], true)) {
    http_response_code(404);
    header('Content-Type: text/html; charset=UTF-8');
    echo '<h1>Not Found</h1>';
    return;
}
(new Passport($store, $answers))->call($params);
