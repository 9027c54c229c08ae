<?php
declare(strict_types=1);

/** Some of the paths of account.md: sign-in, the own profile, addresses and messages. */
final class Account
{
    private const ADDRESS = [
        'ud_name' => '', 'ud_intl' => '+86', 'ud_mobile' => '', 'ud_telephone' => '', 'ud_province_id' => 0,
        'ud_province' => '', 'ud_city_id' => 0, 'ud_city' => '', 'ud_county_id' => 0, 'ud_county' => '',
        'ud_address' => '', 'ud_postalcode' => '', 'ud_tag_name' => '', 'ud_longitude' => 0, 'ud_latitude' => 0,
        'ud_is_default' => false,
    ];

    public function __construct(private readonly Store $store, private readonly Answers $answers)
    {
    }

    /** @param array<string, string> $params */
    public function call(string $method, array $params): void
    {
        $open = ['front.account.login.login' => $this->login(...), 'front.account.login.logout' => $this->logout(...)];
        if (isset($open[$method]) && $this->takesVerb($method)) {
            $open[$method]($params);
            return;
        }
        $own = [
            'front.account.user.info' => $this->info(...),
            'front.account.userDeliveryAddress.list' => $this->listAddresses(...),
            'front.account.userDeliveryAddress.get' => $this->getAddress(...),
            'front.account.userDeliveryAddress.add' => $this->addAddress(...),
            'front.account.userDeliveryAddress.save' => $this->saveAddress(...),
            'front.account.userDeliveryAddress.remove' => $this->removeAddress(...),
            'front.account.userMessage.getMessageNum' => $this->countMessages(...),
        ];
        if (!isset($own[$method])) {
            http_response_code(404);
            $this->answers->accountError(0, '接口不存在');
            return;
        }
        if (!$this->takesVerb($method)) {
            http_response_code(405);
            $this->answers->accountError(0, '请求方式不正确');
            return;
        }
        $token = $this->tokenOf($params);
        $uid = $this->ownerOf($token);
        if ($uid === null) {
            $isInfo = $method === 'front.account.user.info';
            $text = $token === '' ? '请重新登录' : '请退出重新登录';
            $this->answers->accountError($isInfo ? 0 : 401, $isInfo ? '尚未登录' : $text);
            return;
        }
        $own[$method]((string) $uid, $params);
    }

    /** @param array<string, mixed> $claims */
    private function sign(array $claims): string
    {
        $part = fn (string $text) => rtrim(strtr(base64_encode($text), '+/', '-_'), '=');
        $signed = $part('{"alg":"HS256","typ":"JWT"}') . '.' . $part(json_encode($claims));
        return "$signed." . $part(hash_hmac('sha256', $signed, $this->store->read()['tokenSecret'], true));
    }

    /** Of its own tokens it keeps a list; those of a server that shares its secret it believes while they live. */
    private function ownerOf(string $token): ?string
    {
        $state = $this->store->read();
        if (isset($state['sessions'][$token])) {
            return (string) $state['sessions'][$token];
        }
        $parts = explode('.', $token);
        if (count($parts) !== 3 || isset($state['ended'][$token])) {
            return null;
        }
        $claims = json_decode((string) base64_decode(strtr($parts[1], '-_', '+/')), true);
        $mac = hash_hmac('sha256', "$parts[0].$parts[1]", $state['tokenSecret'], true);
        $isGood = is_array($claims) && isset($claims['jti']) && ($claims['exp'] ?? 0) > time();
        return $isGood && hash_equals($mac, (string) base64_decode(strtr($parts[2], '-_', '+/'))) ? (string) $claims['sub'] : null;
    }

    private function tokenOf(array $params): string
    {
        $header = preg_replace('/^Bearer /', '', $_SERVER['HTTP_AUTHORIZATION'] ?? '');
        $token = $header !== '' ? $header : $params['access_token'] ?? $params['perm_key'] ?? '';
        return in_array($token, ['null', 'undefined'], true) ? '' : $token;
    }

    /** Verbs are as documented (account.md §3), and what the document does not have is asked for by GET alone. */
    private function takesVerb(string $method): bool
    {
        $verb = $_SERVER['REQUEST_METHOD'];
        $path = '/' . str_replace('.', '/', $method);
        $verbs = array_column(array_filter($this->operations(), fn ($operation) => $operation['path'] === $path), 'verb');
        return in_array($verb, $verbs === [] ? ['GET'] : $verbs, true) || str_starts_with($method, 'front.account.login.');
    }

    private function login(array $params): void
    {
        $account = $params['user_account'] ?? $params['userAccount'] ?? '';
        foreach ($this->store->read()['users'] as $uid => $user) {
            $isMeant = in_array($account, [$user['account'], $user['mobile'], "+86{$user['mobile']}"], true);
            if (!$isMeant || !passwordFits($user, $params['password'] ?? '')) {
                continue;
            }
            $token = $this->sign(['sub' => (string) $uid, 'iat' => time(), 'exp' => time() + 86400, 'sid' => bin2hex(random_bytes(8))]);
            $this->store->change(function (array &$state) use ($token, $uid): void {
                $state['sessions'][$token] = $uid;
            });
            $this->answers->account(['token' => $token, 'user_id' => (int) $uid]);
            return;
        }
        $this->answers->accountError(300, '用户名或者密码不正确');
    }

    private function logout(array $params): void
    {
        $token = $this->tokenOf($params);
        $this->store->change(function (array &$state) use ($token): void {
            unset($state['sessions'][$token]);
            $state['ended'][$token] = true;
        });
        $this->answers->account(['token' => '']);
    }

    private function info(string $uid): void
    {
        $user = $this->store->read()['users'][$uid];
        $documented = $this->documented('/front/account/user/info');
        $data = array_map(fn ($value) => is_array($value) ? [] : (is_string($value) ? '' : 0), $documented);
        $data = array_merge($data, [
            'user_account' => $user['account'],
            'user_avatar' => $user['avatar'],
            'user_birthday' => null,
            'user_email' => $user['email'],
            'user_id' => (int) $uid,
            'user_intl' => '+86',
            'user_mobile' => $user['mobile'],
            'user_nickname' => $user['nickname'],
            'user_state' => 1,
        ]);
        if ($this->answers->has('missing-for-null')) {
            $data = array_filter($data, fn ($value) => $value !== null);
        }
        $this->answers->account($data);
    }

    private function operations(): array
    {
        $text = (string) file_get_contents(__DIR__ . '/../../../gateway/move/check/documents/account-api.json');
        return json_decode($text, true)['operations'];
    }

    /** The documented data of an operation: its keys, each with a value of its type. */
    private function documented(string $path): array
    {
        foreach ($this->operations() as $operation) {
            if ($operation['path'] === $path) {
                return $operation['example']['data'];
            }
        }
        return [];
    }

    private function addressesOf(string $uid): array
    {
        $own = array_filter(
            $this->store->read()['addresses'],
            fn (array $address) => (string) $address['user_id'] === $uid,
        );
        return array_map($this->row(...), array_values($own));
    }

    /** Rows carry `district_info` (account.md §4). */
    private function row(array $address): array
    {
        return $address + ['district_info' => $address['ud_province'] . $address['ud_city'] . $address['ud_county']];
    }

    private function listAddresses(string $uid, array $params): void
    {
        foreach (['page', 'size'] as $name) {
            if (preg_match('/^[0-9]*$/D', $params[$name] ?? '') !== 1) {
                $this->answers->accountError(300, "参数错误：$name: 整数");
                return;
            }
        }
        if ((int) ($params['size'] ?? 0) > 500) {
            $this->answers->accountError(300, '分页数量最大500条');
            return;
        }
        $items = $this->addressesOf($uid);
        usort($items, fn ($one, $other) => [$other['ud_is_default'], $other['ud_id']] <=> [$one['ud_is_default'], $one['ud_id']]);
        $count = count($items);
        $this->answers->account(['items' => $items, 'page' => 1, 'size' => 100, 'records' => $count, 'total' => min(1, $count)]);
    }

    private function getAddress(string $uid, array $params): void
    {
        foreach ($this->addressesOf($uid) as $address) {
            if ((string) $address['ud_id'] === ($params['ud_id'] ?? '')) {
                $this->answers->account($address);
                return;
            }
        }
        $this->answers->accountError(0, '操作失败');
    }

    private function addAddress(string $uid, array $params): void
    {
        $address = $this->store->change(function (array &$state) use ($uid, $params): array {
            $id = ++$state['lastAddress'];
            $fields = $this->fieldsOf($params) + self::ADDRESS;
            $address = ['ud_id' => $id, 'user_id' => (int) $uid] + $fields + ['ud_time' => date('Y-m-d H:i:s')];
            $this->keepOneDefault($state, $address);
            return $state['addresses'][(string) $id] = $address;
        });
        $this->answers->account($this->row($address));
    }

    private function saveAddress(string $uid, array $params): void
    {
        $address = $this->store->change(function (array &$state) use ($uid, $params): ?array {
            $id = $params['ud_id'] ?? '';
            if ((string) ($state['addresses'][$id]['user_id'] ?? '') !== $uid) {
                return null;
            }
            $address = array_merge($state['addresses'][$id], $this->fieldsOf($params));
            $this->keepOneDefault($state, $address);
            return $state['addresses'][$id] = $address;
        });
        if ($address === null) {
            $this->answers->accountError(0, '操作失败');
            return;
        }
        $this->answers->account($this->row($address));
    }

    private function keepOneDefault(array &$state, array $address): void
    {
        foreach ($state['addresses'] as $id => $other) {
            if ($address['ud_is_default'] && $other['user_id'] === $address['user_id']) {
                $state['addresses'][$id]['ud_is_default'] = false;
            }
        }
    }

    private function fieldsOf(array $params): array
    {
        $fields = [];
        foreach (array_intersect_key($params, self::ADDRESS) as $name => $text) {
            $fields[$name] = match (gettype(self::ADDRESS[$name])) {
                'boolean' => in_array(strtolower($text), ['1', 'true', 'on', 'yes'], true),
                'integer' => $text + 0,
                default => $text,
            };
        }
        return $fields;
    }

    private function removeAddress(string $uid, array $params): void
    {
        $removed = $this->store->change(function (array &$state) use ($uid, $params): bool {
            $id = $params['ud_id'] ?? '';
            $isOwn = (string) ($state['addresses'][$id]['user_id'] ?? '') === $uid;
            if ($isOwn) {
                unset($state['addresses'][$id]);
            }
            return $isOwn;
        });
        if (!$removed) {
            $this->answers->accountError(0, '操作失败');
            return;
        }
        $this->answers->account(null);
    }

    private function countMessages(string $uid): void
    {
        $this->answers->account(['unread_number' => 0, 'red_number' => 0]);
    }
}
