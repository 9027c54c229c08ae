<?php
// The old server's check of a password, beside ours and written apart from it: reads [{password, hash, salt}, …] and
// prints how many fit.
$rows = json_decode(stream_get_contents(STDIN), true);
echo count(array_filter($rows, fn ($row) => strlen($row['salt']) === 32
    && hash_equals($row['hash'], md5($row['password'] . $row['salt']))));
