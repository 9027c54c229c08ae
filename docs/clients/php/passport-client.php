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
     * Options: scheme (LEGACY or HMAC_SHA256), timeout (seconds), connectTimeout (seconds, curl only), salt
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
        $lines = array('Accept: application/json');
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
                // Where mbstring overloads strlen, that counts characters.
                return function_exists('mb_strlen') ? mb_strlen($line, '8bit') : strlen($line);
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

    private function sendByStream($verb, $url, $content, array $lines)
    {
        $deadline = microtime(true) + $this->options['timeout'];
        $http = array(
            'method' => $verb,
            'header' => array_merge($lines, array('Connection: close')),
            'timeout' => $this->options['timeout'],
            'protocol_version' => 1.1,
            'ignore_errors' => true,
            'follow_location' => 0,
        );
        if ($content !== null) {
            $http['content'] = $content;
        }
        $ssl = array('verify_peer' => true, 'verify_peer_name' => true);
        if ($this->options['caFile'] !== null) {
            $ssl['cafile'] = $this->options['caFile'];
        }
        $context = stream_context_create(array('http' => $http, 'ssl' => $ssl));
        $stream = @fopen($url, 'rb', false, $context);
        if ($stream === false) {
            $error = error_get_last();
            // Without the URL, which holds the parameters.
            $reason = preg_replace('/^fopen\(.*?\): /s', '', $error === null ? 'unknown' : $error['message']);
            throw new PassportException('the gateway did not answer: ' . $reason);
        }
        $body = self::readUntil($deadline, $stream);
        $meta = stream_get_meta_data($stream);
        fclose($stream);
        $received = $meta['wrapper_data'];
        return array((int) preg_replace('~^\S+ ~', '', $received[0]), self::readHeaders($received), $body);
    }

    private static function readUntil($deadline, $stream)
    {
        $body = '';
        while (!feof($stream)) {
            $left = $deadline - microtime(true);
            if ($left > 0) {
                stream_set_timeout($stream, (int) $left, (int) (fmod($left, 1) * 1e6) + 1);
                $body .= (string) fread($stream, 8192);
                $meta = stream_get_meta_data($stream);
            }
            if ($left <= 0 || $meta['timed_out']) {
                throw new PassportException('the gateway did not answer in time');
            }
        }
        return $body;
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
