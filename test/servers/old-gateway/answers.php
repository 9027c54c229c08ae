<?php
declare(strict_types=1);

/** Writes both envelopes, with the differences that a test has planted into differences.json. */
final class Answers
{
    /** @var list<string> */
    private readonly array $planted;

    public function __construct(string $folder)
    {
        $this->planted = json_decode((string) file_get_contents("$folder/differences.json"), true);
    }

    public function has(string $difference): bool
    {
        return in_array($difference, $this->planted, true);
    }

    /** A moment in seconds as the clients read it; `""` for none. */
    public function date(?int $seconds): string
    {
        if ($seconds === null) {
            return '';
        }
        $zone = $this->has('date-zone') ? 'UTC' : 'Asia/Shanghai';
        $moment = (new DateTimeImmutable("@$seconds"))->setTimezone(new DateTimeZone($zone));
        return $moment->format($this->has('date-form') ? 'Y/m/d H:i:s' : 'Y-m-d H:i:s');
    }

    /** A number that is written like a Java double. */
    public function double(float $number): string
    {
        $text = (string) $number;
        return str_contains($text, '.') || $this->has('number-form') ? $text : "$text.0";
    }

    /** An object without fields, which PHP's own arrays know nothing of. */
    public function emptyObject(): mixed
    {
        return $this->has('list-for-object') ? [] : new stdClass();
    }

    public function passport(mixed $data, string $message = '操作成功'): void
    {
        if ($this->has('text') && $message === '成功') {
            $message = '获取成功';
        }
        $this->write(['code' => 200, 'data' => $data, 'message' => $message]);
    }

    public function passportError(int $code, string $message): void
    {
        if ($this->has('status') && $code === 10010) {
            http_response_code(404);
        }
        $this->write(['code' => $this->has('code') && $code === 10012 ? 10010 : $code, 'message' => $message]);
    }

    public function account(mixed $data): void
    {
        header('Cache-Control: no-store');
        $this->write(['status' => 200, 'code' => 0, 'msg' => '操作成功', 'data' => $data, 'error' => null]);
    }

    public function accountError(int $code, string $text): void
    {
        header('Cache-Control: no-store');
        $this->write(['status' => 250, 'code' => $code, 'msg' => $text, 'data' => null, 'error' => null]);
    }

    public function jsonp(string $callback, mixed $data, string $message): void
    {
        header('Content-Type: application/javascript');
        header('X-Content-Type-Options: nosniff');
        echo $callback . '(' . $this->encode(['code' => 200, 'data' => $data, 'message' => $message]) . ')';
    }

    private function write(array $answer): void
    {
        header('Content-Type: ' . ($this->has('header') ? 'text/html; charset=UTF-8' : 'application/json;charset=UTF-8'));
        $bom = $this->has('byte-order-mark') ? "\u{FEFF}" : '';
        echo $bom . $this->encode($answer) . ($this->has('trailing-blank') ? "\n" : '');
    }

    private function encode(mixed $value): string
    {
        $flags = JSON_THROW_ON_ERROR;
        $flags |= $this->has('escaped-slashes') ? 0 : JSON_UNESCAPED_SLASHES;
        $flags |= $this->has('escaped-unicode') ? 0 : JSON_UNESCAPED_UNICODE;
        return json_encode($value, $flags);
    }
}
