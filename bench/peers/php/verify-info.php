<?php
// The old stack's way of web.passport.getUserVerifyInfo: PDO with a connection that outlives the request, the signature
// checked, one statement. What it lacks: limits, applications, metrics, an access log, other methods than this one.
declare(strict_types=1);

const SQL = <<<'SQL'
SELECT base.user_id, info.user_intl, info.user_mobile, info.user_email,
    mobile.verified_at AS mobile_verified_at, email.verified_at AS email_verified_at
  FROM account_user_base AS base
  LEFT JOIN account_user_info AS info ON info.user_id = base.user_id
  LEFT JOIN user_identity AS mobile ON mobile.user_id = base.user_id AND mobile.kind = 'mobile'
  LEFT JOIN user_identity AS email ON email.user_id = base.user_id AND email.kind = 'email'
  WHERE base.user_id = ?
SQL;

function isSigned(array $query): bool
{
    $given = $query['client_secret'] ?? '';
    unset($query['client_secret']);
    $query['private_key'] = $_SERVER['BENCH_SECRET'];
    ksort($query, SORT_STRING);
    $pairs = [];
    foreach ($query as $name => $value) {
        $pairs[] = trim("$name=$value");
    }
    return hash_equals(md5(implode('&', $pairs)), $given);
}

function shownTime(?int $milliseconds): string
{
    return $milliseconds === null ? '' : date('Y-m-d H:i:s', intdiv($milliseconds, 1000));
}

function shownMobile(?string $intl, ?string $mobile): string
{
    return $intl === '+86' || !$mobile ? (string) $mobile : substr((string) $intl, 1) . "-$mobile";
}

function answer(int $code, string $message, ?array $data = null): never
{
    header('Content-Type: application/json;charset=UTF-8');
    header('Cache-Control: no-store');
    header('X-Content-Type-Options: nosniff');
    $fields = ['code' => $code] + ($data === null ? [] : ['data' => $data]) + ['message' => $message];
    exit(json_encode($fields, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES));
}

date_default_timezone_set('Asia/Shanghai');
if (!isSigned($_GET)) {
    answer(500, 'client_secret error');
}
$isKnown = ($_GET['method'] ?? '') === 'web.passport.getUserVerifyInfo' && preg_match('/^\d{1,15}$/', $_GET['uid'] ?? '') === 1;
if (!$isKnown) {
    answer(1000, '接口不存在');
}
$pdo = new PDO($_SERVER['BENCH_DSN'], 'root', '', [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
    PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
]);
$statement = $pdo->prepare(SQL);
$statement->execute([(int) $_GET['uid']]);
$user = $statement->fetch();
if ($user === false) {
    answer(1000, '接口不存在');
}
answer(200, '操作成功', [
    'email' => $user['user_email'] ?? '',
    'emailVerify' => $user['email_verified_at'] === null ? 'N' : 'Y',
    'emailVerifyTime' => shownTime($user['email_verified_at']),
    'mobile' => shownMobile($user['user_intl'], $user['user_mobile']),
    'mobileVerify' => $user['mobile_verified_at'] === null ? 'N' : 'Y',
    'mobileVerifyTime' => shownTime($user['mobile_verified_at']),
    'uid' => $user['user_id'],
]);
