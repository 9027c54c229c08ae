<?php
declare(strict_types=1);

/** All that the server remembers: one file, read under a shared lock and changed under an exclusive one. */
final class Store
{
    /** What this call has read. */
    private ?array $read = null;

    public function __construct(private readonly string $folder)
    {
    }

    /** @return array<string, mixed> */
    public function read(): array
    {
        if ($this->read !== null) {
            return $this->read;
        }
        $file = fopen("$this->folder/state.json", 'r');
        flock($file, LOCK_SH);
        $state = json_decode((string) stream_get_contents($file), true);
        fclose($file);
        return $this->read = $state;
    }

    /** Changes the state by `$change`, which takes it by reference; answers what that answers. */
    public function change(callable $change): mixed
    {
        $file = fopen("$this->folder/state.json", 'r+');
        flock($file, LOCK_EX);
        $state = json_decode((string) stream_get_contents($file), true);
        $answer = $change($state);
        $this->read = $state;
        rewind($file);
        ftruncate($file, 0);
        fwrite($file, json_encode($state, JSON_UNESCAPED_UNICODE));
        fclose($file);
        return $answer;
    }

    /** What a text or a mail would have carried, for the test to read. */
    public function send(string $address, string $text): void
    {
        file_put_contents("$this->folder/sent.txt", "$address $text\n", FILE_APPEND | LOCK_EX);
    }
}

/** Whether a password belongs to a hash of one of the three forms of passport.md §4. */
function passwordFits(array $user, string $password): bool
{
    if (preg_match('/^([0-9a-f]{32}):([a-zA-Z0-9]{32})$/D', $user['hash'], $parts) === 1) {
        return hash_equals($parts[1], md5($password . $parts[2]));
    }
    return hash_equals($user['hash'], md5($password . $user['salt']));
}
