<?php
/**
 * A client of passport-gateway in one file, for PHP 5.6 to 8.x; README.md beside it says how to use it.
 * It calls through the curl extension where there is one, else through PHP's own streams.
 */

/** The gateway refused the call (its code and message), or gave no answer that can be used (code 0). */
class PassportException extends Exception
{
    private $requestId;
    private $httpStatus;

    public function __construct($message, $code = 0, $requestId = '', $httpStatus = 0)
    {
        parent::__construct($message, $code);
        $this->requestId = $requestId;
        $this->httpStatus = $httpStatus;
    }

    /** What the gateway's log knows the call by; empty when there was no answer. */
    public function getRequestId()
    {
        return $this->requestId;
    }

    /** The HTTP status of the answer; 0 when there was none. */
    public function getHttpStatus()
    {
        return $this->httpStatus;
    }
}

class PassportClient
{
    const LEGACY = 'legacy';
    const HMAC_SHA256 = 'hmac-sha256';

    /** Bytes that a compressed answer may have in all. */
    const MOST_UNPACKED = 16777216;

    private $endpoint;
    private $clientType;
    private $secret;
    private $options = array(
        'scheme' => self::LEGACY,
        'timeout' => 10,
        'connectTimeout' => 3,
        'salt' => null,
        'common' => array(),
        'headers' => array(),
        'caFile' => null,
        'transport' => null,
    );

    /**
     * $baseUrl is the gateway's address without /gateway, $clientType the application's registered name.
     *
     * Options: scheme (LEGACY or HMAC_SHA256), timeout (seconds), connectTimeout (seconds), salt
     * (the gateway's PASSPORT_SALT: every answer's checksum is checked), common (parameters of every call,
     * such as app_version), headers (name => value, such as X-Real-IP), caFile (certificates to trust
     * instead of the system's), transport ('curl' or 'stream').
     */
    public function __construct(
        $baseUrl,
        $clientType,
        #[\SensitiveParameter]
        $secret,
        array $options = array()
    ) {
        if (!preg_match('~^https?://[^/?#\s]+(/[^?#\s]*)?$~iD', $baseUrl)) {
            throw new InvalidArgumentException('baseUrl: http://host or https://host, without query');
        }
        $unknown = array_diff_key($options, $this->options);
        if ($unknown) {
            throw new InvalidArgumentException('unknown options: ' . implode(', ', array_keys($unknown)));
        }
        $this->options = $options + $this->options;
        if (!in_array($this->options['scheme'], array(self::LEGACY, self::HMAC_SHA256), true)) {
            throw new InvalidArgumentException('scheme: ' . self::LEGACY . ' or ' . self::HMAC_SHA256);
        }
        if (!in_array($this->options['transport'], array(null, 'curl', 'stream'), true)) {
            throw new InvalidArgumentException('transport: curl or stream');
        }
        $this->endpoint = rtrim($baseUrl, '/') . '/gateway';
        $this->clientType = $clientType;
        $this->secret = $secret;
    }

    /**
     * Calls a method and returns the answer's `data`, objects as arrays. POST keeps the parameters out of the
     * access logs of proxies. A parameter that is null is not sent; an empty one is, and is signed.
     *
     * @throws PassportException when the gateway refuses the call, or there is no answer, or a false checksum
     * @throws InvalidArgumentException for parameters that can't be sent
     */
    public function call($method, array $params = array(), $verb = 'POST')
    {
        if ($verb !== 'GET' && $verb !== 'POST') {
            throw new InvalidArgumentException('verb: GET or POST');
        }
        $signed = $this->sign(array('method' => $method) + $params + $this->options['common']);
        list($status, $headers, $body) = $this->send($verb, self::encodeForm($signed));
        $requestId = isset($headers['x-request-id']) ? $headers['x-request-id'] : '';
        $body = self::unpack($headers, $body, $requestId, $status);
        $answer = json_decode($body, true, 512, JSON_BIGINT_AS_STRING);
        if (!is_array($answer) || !isset($answer['code']) || !is_int($answer['code'])) {
            throw new PassportException("HTTP $status, but no answer of the gateway", 0, $requestId, $status);
        }
        $this->checkBody($headers, $body, $requestId, $status);
        if ($answer['code'] !== 200) {
            $message = isset($answer['message']) ? (string) $answer['message'] : '';
            throw new PassportException($message, $answer['code'], $requestId, $status);
        }
        return isset($answer['data']) ? $answer['data'] : array();
    }

    /** The parameters as they are sent: with client_type, what the scheme needs, and the signature. */
    public function sign(array $params)
    {
        $texts = self::asTexts($params);
        // The gateway overwrites private_key, and one that is sent would give the secret away.
        unset($texts['private_key'], $texts['client_secret']);
        $texts['client_type'] = $this->clientType;
        if ($this->options['scheme'] === self::LEGACY) {
            $texts['client_secret'] = self::signLegacy($texts, $this->secret);
        } else {
            $texts['sign_method'] = self::HMAC_SHA256;
            $texts['timestamp'] = (string) time();
            $texts['nonce'] = self::makeNonce();
            $texts['client_secret'] = self::signHmac($texts, $this->secret);
        }
        return $texts;
    }

    /** The legacy signature: MD5 of legacySignedText. */
    public static function signLegacy(array $params, $secret)
    {
        return md5(self::legacySignedText($params, $secret));
    }

    /** The hmac-sha256 signature: HMAC-SHA256 of hmacSignedText. */
    public static function signHmac(array $params, $secret)
    {
        return hash_hmac('sha256', self::hmacSignedText($params), $secret);
    }

    /** All parameters but the unsigned ones, and private_key, sorted; each name=value trimmed as a whole. */
    public static function legacySignedText(array $params, $secret)
    {
        unset($params['client_secret'], $params['q'], $params['debug_data'], $params['/api']);
        $params['private_key'] = $secret;
        $pairs = array();
        foreach (self::sortedNames($params) as $name) {
            // Up to U+0020 and nothing else, which is neither trim's own list nor that of mb_trim.
            $pairs[] = trim($name . '=' . $params[$name], "\x00..\x20");
        }
        return implode('&', $pairs);
    }

    /** All parameters but client_secret, sorted by name, escaped as JavaScript's encodeURIComponent does. */
    public static function hmacSignedText(array $params)
    {
        unset($params['client_secret']);
        $pairs = array();
        foreach (self::sortedNames($params) as $name) {
            $pairs[] = self::encodeComponent($name) . '=' . self::encodeComponent($params[$name]);
        }
        return implode('&', $pairs);
    }

    /** Names in the order of their UTF-16 code units. Not ksort: to it, names of digits are numbers. */
    private static function sortedNames(array $params)
    {
        $names = array_map('strval', array_keys($params));
        usort($names, function ($left, $right) {
            return strcmp(self::sortKey($left), self::sortKey($right));
        });
        return $names;
    }

    /**
     * Text whose bytes sort as the UTF-16 code units of a name do. UTF-8 does that but for characters above
     * U+FFFF: their surrogates stand before U+E000, so they are put there too, behind all others of byte ED.
     */
    private static function sortKey($name)
    {
        return preg_replace('/[\xF0-\xF4]/', "\xED" . '$0', $name);
    }

    private static function encodeComponent($text)
    {
        $kept = array('%21' => '!', '%27' => "'", '%28' => '(', '%29' => ')', '%2A' => '*');
        return strtr(rawurlencode($text), $kept);
    }

    private static function encodeForm(array $texts)
    {
        $pairs = array();
        foreach ($texts as $name => $text) {
            $pairs[] = rawurlencode($name) . '=' . rawurlencode($text);
        }
        return implode('&', $pairs);
    }

    private static function asTexts(array $params)
    {
        $texts = array();
        foreach ($params as $name => $value) {
            if ($value === null) {
                continue;
            }
            if (is_bool($value)) {
                $text = $value ? 'true' : 'false';
            } elseif (is_float($value)) {
                // Not by a cast, which before PHP 8 writes the decimal sign of the locale.
                $text = is_finite($value) ? json_encode($value) : null;
            } else {
                $text = is_scalar($value) ? (string) $value : null;
            }
            if ($text === null) {
                throw new InvalidArgumentException("$name: a text, a number or a boolean");
            }
            if (!preg_match('//u', $name) || !preg_match('//u', $text)) {
                throw new InvalidArgumentException("$name: UTF-8");
            }
            $texts[$name] = $text;
        }
        return $texts;
    }

    /** New for each call; it is no secret, so where PHP has no random_bytes a unique text will do. */
    private static function makeNonce()
    {
        return function_exists('random_bytes') ? bin2hex(random_bytes(16)) : md5(uniqid(mt_rand(), true));
    }

    private function checkBody(array $headers, $body, $requestId, $status)
    {
        if ($this->options['salt'] === null) {
            return;
        }
        $expected = md5($this->options['salt'] . ':' . md5($body));
        $given = isset($headers['x-yh-response-checksum']) ? $headers['x-yh-response-checksum'] : '';
        if (!hash_equals($expected, strtolower($given))) {
            $problem = $given === '' ? 'the answer has no checksum' : 'the checksum of the answer is wrong';
            throw new PassportException($problem, 0, $requestId, $status);
        }
    }

    private function send($verb, $form)
    {
        $url = $verb === 'GET' ? $this->endpoint . '?' . $form : $this->endpoint;
        $content = $verb === 'GET' ? null : $form;
        $lines = array('Accept: application/json', 'Accept-Encoding: identity');
        if ($content !== null) {
            $lines[] = 'Content-Type: application/x-www-form-urlencoded';
        }
        foreach ($this->options['headers'] as $name => $value) {
            if (preg_match('/[\r\n]/', $name . $value)) {
                throw new InvalidArgumentException("headers: $name holds a line end");
            }
            $lines[] = $name . ': ' . $value;
        }
        $transport = $this->options['transport'];
        $usesCurl = $transport === null ? function_exists('curl_init') : $transport === 'curl';
        return $usesCurl
            ? $this->sendByCurl($verb, $url, $content, $lines)
            : $this->sendByStream($verb, $url, $content, $lines);
    }

    private function sendByCurl($verb, $url, $content, array $lines)
    {
        $received = array();
        $handle = curl_init($url);
        // An empty Expect keeps curl from asking before it sends a long form.
        curl_setopt_array($handle, array(
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_CONNECTTIMEOUT_MS => (int) ($this->options['connectTimeout'] * 1000),
            CURLOPT_TIMEOUT_MS => (int) ($this->options['timeout'] * 1000),
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_HTTPHEADER => array_merge($lines, array('Expect:')),
            CURLOPT_HEADERFUNCTION => function ($handle, $line) use (&$received) {
                $received[] = $line;
                return self::length($line);
            },
        ));
        if ($content !== null) {
            curl_setopt($handle, CURLOPT_POST, true);
            curl_setopt($handle, CURLOPT_POSTFIELDS, $content);
        }
        if ($this->options['caFile'] !== null) {
            curl_setopt($handle, CURLOPT_CAINFO, $this->options['caFile']);
        }
        $body = curl_exec($handle);
        if ($body === false) {
            throw new PassportException('the gateway did not answer: ' . curl_error($handle));
        }
        return array(curl_getinfo($handle, CURLINFO_HTTP_CODE), self::readHeaders($received), $body);
    }

    /** Not by PHP's http wrapper, which waits as long as anything comes, be it a byte now and then. */
    private function sendByStream($verb, $url, $content, array $lines)
    {
        $deadline = microtime(true) + $this->options['timeout'];
        $parts = parse_url($url);
        $target = $parts['path'] . (isset($parts['query']) ? '?' . $parts['query'] : '');
        $host = $parts['host'] . (isset($parts['port']) ? ':' . $parts['port'] : '');
        $head = array("$verb $target HTTP/1.1", 'Connection: close');
        if (!preg_grep('/^host:/i', $lines)) {
            $head[] = "Host: $host";
        }
        if ($content !== null) {
            $head[] = 'Content-Length: ' . self::length($content);
        }
        $request = implode("\r\n", array_merge($head, $lines)) . "\r\n\r\n" . $content;
        $socket = $this->connect($parts);
        stream_set_blocking($socket, false);
        $answer = null;
        $received = '';
        for ($isOpen = true; $answer === null;) {
            if (!$isOpen) {
                throw new PassportException('the gateway did not answer: the connection broke off');
            }
            self::waitFor($socket, $request !== '', $deadline);
            if ($request !== '') {
                $request = self::cut($request, (int) @fwrite($socket, $request));
            }
            $received .= self::drain($socket, $deadline);
            $isOpen = !feof($socket);
            $answer = self::readMessage($received, $isOpen);
        }
        fclose($socket);
        return $answer;
    }

    private function connect(array $parts)
    {
        $isTls = strtolower($parts['scheme']) === 'https';
        $ssl = array('verify_peer' => true, 'verify_peer_name' => true, 'peer_name' => trim($parts['host'], '[]'));
        if ($this->options['caFile'] !== null) {
            $ssl['cafile'] = $this->options['caFile'];
        }
        $port = isset($parts['port']) ? $parts['port'] : ($isTls ? 443 : 80);
        $socket = @stream_socket_client(
            ($isTls ? 'ssl' : 'tcp') . '://' . $parts['host'] . ':' . $port,
            $number,
            $reason,
            min($this->options['connectTimeout'], $this->options['timeout']),
            STREAM_CLIENT_CONNECT,
            stream_context_create(array('ssl' => $ssl))
        );
        if ($socket === false) {
            $error = error_get_last();
            $reason = $reason !== '' || $error === null ? $reason : $error['message'];
            throw new PassportException('the gateway did not answer: ' . ($reason !== '' ? $reason : 'unknown'));
        }
        return $socket;
    }

    /** Waits until there is something to read, or room to write; no longer than the whole call may take. */
    private static function waitFor($socket, $toWrite, $deadline)
    {
        $left = $deadline - microtime(true);
        $read = array($socket);
        $write = $toWrite ? array($socket) : null;
        $except = null;
        $isReady = $left > 0 && @stream_select($read, $write, $except, (int) $left, (int) (fmod($left, 1) * 1e6));
        if (!$isReady && microtime(true) >= $deadline) {
            throw new PassportException('the gateway did not answer in time');
        }
    }

    /** What has come so far. */
    private static function drain($socket, $deadline)
    {
        $received = '';
        do {
            $piece = (string) @fread($socket, 8192);
            $received .= $piece;
        } while ($piece !== '' && microtime(true) < $deadline);
        return $received;
    }

    /** Status, headers and body of an answer; null while it is not whole. */
    private static function readMessage($received, $mayGoOn)
    {
        do {
            if (!preg_match('~\r\n\r\n~', $received, $found, PREG_OFFSET_CAPTURE)) {
                return null;
            }
            $lines = explode("\r\n", self::cut($received, 0, $found[0][1]));
            $received = self::cut($received, $found[0][1] + 4);
            $status = (int) preg_replace('~^\S+ ~', '', $lines[0]);
            // An answer before the answer, such as 100 Continue, has a head only.
        } while ($status >= 100 && $status < 200);
        $headers = self::readHeaders($lines);
        if (isset($headers['transfer-encoding'])) {
            $body = self::joinChunks($received);
        } elseif (isset($headers['content-length'])) {
            $length = (int) $headers['content-length'];
            $body = self::length($received) < $length ? null : self::cut($received, 0, $length);
        } else {
            $body = $mayGoOn ? null : $received;
        }
        return $body === null ? null : array($status, $headers, $body);
    }

    /** The body that came in chunks; null while the last one is missing. */
    private static function joinChunks($rest)
    {
        $body = '';
        for ($at = 0; preg_match('~\G([0-9a-f]{1,7})[^\r\n]*\r\n~i', $rest, $found, 0, $at);) {
            $from = $at + self::length($found[0]);
            $size = hexdec($found[1]);
            if ($size === 0) {
                return preg_match('~\G(?:[^\r\n]+\r\n)*\r\n~', $rest, $trailer, 0, $from) ? $body : null;
            }
            if (self::length($rest) < $from + $size + 2) {
                return null;
            }
            $body .= self::cut($rest, $from, $size);
            $at = $from + $size + 2;
        }
        return null;
    }

    /** Bytes: where mbstring overloads strlen, that counts characters. */
    private static function length($text)
    {
        return function_exists('mb_strlen') ? mb_strlen($text, '8bit') : strlen($text);
    }

    private static function cut($text, $from, $length = null)
    {
        $most = $length === null ? self::length($text) : $length;
        return (string) (function_exists('mb_substr') ? mb_substr($text, $from, $most, '8bit') : substr($text, $from, $most));
    }

    /** The body as it was before something on the way compressed it, though no call asks for that. */
    private static function unpack(array $headers, $body, $requestId, $status)
    {
        $encoding = isset($headers['content-encoding']) ? strtolower($headers['content-encoding']) : 'identity';
        if ($encoding === 'identity' || $encoding === '') {
            return $body;
        }
        $isGzip = $encoding === 'gzip' || $encoding === 'x-gzip';
        $plain = $isGzip && function_exists('gzdecode') ? @gzdecode($body, self::MOST_UNPACKED) : false;
        if ($plain === false) {
            throw new PassportException("the answer is encoded as $encoding and can't be read", 0, $requestId, $status);
        }
        return $plain;
    }

    private static function readHeaders(array $lines)
    {
        $headers = array();
        foreach ($lines as $line) {
            $parts = explode(':', $line, 2);
            if (isset($parts[1])) {
                $headers[strtolower(trim($parts[0]))] = trim($parts[1]);
            }
        }
        return $headers;
    }

    /** Keeps the secret out of var_dump and print_r. */
    public function __debugInfo()
    {
        return array('endpoint' => $this->endpoint, 'clientType' => $this->clientType);
    }
}
