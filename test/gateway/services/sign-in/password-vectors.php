<?php
// Hashes as PHP shops make them, as JSON: php password-vectors.php > password-vectors.json
// Each time with other salts.

$passwords = ['abc123', ' O\'Neil & "Söhne" <1> ', '密码一二三', str_repeat('长密码', 10), '😀😀😀😀'];

/** PHP frameworks' salts: a few letters, as ucenter's six hex digits or discuz's. */
function salt(int $length): string
{
    return substr(bin2hex(random_bytes(32)), 0, $length);
}

/** crypt_private of phpass 0.5, which WordPress (`$P$`) and phpBB 3 (`$H$`) use. */
function phpass(string $password, string $begin, int $power): string
{
    $letters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    $encode64 = function (string $input, int $count) use ($letters): string {
        $output = '';
        $i = 0;
        do {
            $value = ord($input[$i++]);
            $output .= $letters[$value & 0x3f];
            if ($i < $count)
                $value |= ord($input[$i]) << 8;
            $output .= $letters[($value >> 6) & 0x3f];
            if ($i++ >= $count)
                break;
            if ($i < $count)
                $value |= ord($input[$i]) << 16;
            $output .= $letters[($value >> 12) & 0x3f];
            if ($i++ >= $count)
                break;
            $output .= $letters[($value >> 18) & 0x3f];
        } while ($i < $count);
        return $output;
    };
    $salt = $encode64(random_bytes(6), 6);
    $hash = md5($salt . $password, true);
    $count = 1 << $power;
    do {
        $hash = md5($hash . $password, true);
    } while (--$count);
    return $begin . $letters[$power] . $salt . $encode64($hash, 16);
}

function adapted(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+', '.'), '=');
}

/** Django, passlib, Werkzeug and PasswordHash.php. */
function pbkdf2(string $password): array
{
    $salt = salt(22);
    $raw = random_bytes(16);
    $text = base64_encode(random_bytes(24));
    return [
        'pbkdf2_sha256$2600$' . $salt . '$' . base64_encode(hash_pbkdf2('sha256', $password, $salt, 2600, 32, true)),
        '$pbkdf2-sha256$2900$' . adapted($raw) . '$' . adapted(hash_pbkdf2('sha256', $password, $raw, 2900, 32, true)),
        'pbkdf2:sha256:2000$' . $salt . '$' . hash_pbkdf2('sha256', $password, $salt, 2000, 64, false),
        'sha256:1000:' . $text . ':' . base64_encode(hash_pbkdf2('sha256', $password, $text, 1000, 24, true)),
    ];
}

$vectors = [];
$add = function (string $form, string $password, string $hash, ?string $salt = null) use (&$vectors): void {
    $vectors[] = ['form' => $form, 'password' => $password, 'hash' => $hash, 'salt' => $salt];
};

foreach ($passwords as $p) {
    $r = salt(32);
    $s = salt(6);
    $add('md5', $p, md5($p));
    $add('md5:R', $p, md5($p . $r) . ':' . $r);
    $add('md5(p+salt)', $p, md5($p . $s), $s);
    $add('md5(salt+p)', $p, md5($s . $p), $s);
    $add('md5(md5(p))', $p, md5(md5($p)));
    $add('md5(md5(p)+salt)', $p, md5(md5($p) . $s), $s);
    $add('ucenter', $p, md5(md5($p) . $s), $s);
    $add('discuz', $p, md5(md5($p) . $s), $s);
    $add('ecshop', $p, md5(md5($p) . '4321'), '4321');
    $add('ecshop', $p, md5($p));
    foreach (['sha1', 'sha256'] as $name) {
        $add($name, $p, hash($name, $p));
        $add("$name(p+salt)", $p, hash($name, $p . $s), $s);
        $add("$name(salt+p)", $p, strtoupper(hash($name, $s . $p)), $s);
    }
    $add('bcrypt', $p, password_hash($p, PASSWORD_BCRYPT, ['cost' => 5]));
    $add('bcrypt', $p, str_replace('$2y$', '$2a$', password_hash($p, PASSWORD_BCRYPT, ['cost' => 4])));
    $wordpress = base64_encode(hash_hmac('sha384', $p, 'wp-sha384', true));
    $add('bcrypt', $p, '$wp' . password_hash($wordpress, PASSWORD_BCRYPT, ['cost' => 5]));
    $add('phpass', $p, phpass($p, '$P$', 13));
    $add('phpass', $p, phpass($p, '$H$', 8));
    $add('argon2i', $p, password_hash($p, PASSWORD_ARGON2I, ['memory_cost' => 1024, 'time_cost' => 2]));
    $add('argon2id', $p, password_hash($p, PASSWORD_ARGON2ID, ['memory_cost' => 2048, 'time_cost' => 3]));
    foreach (pbkdf2($p) as $hash)
        $add('pbkdf2-sha256', $p, $hash);
}

echo json_encode($vectors, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
