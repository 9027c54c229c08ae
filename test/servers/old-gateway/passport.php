<?php
declare(strict_types=1);

/** The methods of passport.md. */
final class Passport
{
    private const DONE = ['code' => 200, 'message' => 'success.'];

    public function __construct(private readonly Store $store, private readonly Answers $answers)
    {
    }

    /** @param array<string, string> $params */
    public function call(array $params): void
    {
        $method = $params['method'] ?? '';
        $handlers = [
            'web.passport.getUserVerifyInfo' => $this->getUserVerifyInfo(...),
            'web.passport.verifyUserPwd' => $this->verifyUserPwd(...),
            'web.passport.changePwd' => $this->changePwd(...),
            'web.passport.sendcode' => $this->sendcode(...),
            'web.passport.checkcode' => $this->checkcode(...),
            'web.passport.checkVerifyMobile' => $this->checkVerifyMobile(...),
            'web.passport.changeVerifyMobile' => $this->changeVerifyMobile(...),
            'web.passport.checkVerifyEmail' => $this->checkVerifyEmail(...),
            'web.passport.verifyEmail' => $this->verifyEmail(...),
            'web.passport.checkCodeValid' => $this->checkCodeValid(...),
            'web.passport.changeEmail' => $this->changeEmail(...),
            'web.passport.getUserContacts' => $this->getUserContacts(...),
            'web.passport.modifyUserContacts' => $this->modifyUserContacts(...),
            'web.passport.getUserHabits' => $this->getUserHabits(...),
            'web.passport.modifyUserHabits' => $this->modifyUserHabits(...),
            'open.passport.get' => $this->getCard(...),
        ];
        if (!isset($handlers[$method])) {
            http_response_code(404);
            $this->answers->passportError(1000, '接口不存在');
            return;
        }
        if ($method === 'open.passport.get' && ($params['return_type'] ?? '') === 'jsonp') {
            if (preg_match('/^[\w$.]{1,64}$/D', $params['callback'] ?? '') !== 1) {
                $this->answers->passportError(413, '参数错误');
                return;
            }
            $this->answers->jsonp($params['callback'], ['data' => [], 'result' => '-1'], 'User info');
            return;
        }
        if (!isset($params['client_secret'])) {
            $this->answers->passportError(500, '缺少client_secret');
            return;
        }
        if (!$this->isSigned($params)) {
            $this->answers->passportError(500, '数据验证错误.');
            return;
        }
        $handlers[$method]($params);
    }

    private function isSigned(array $params): bool
    {
        $secret = $this->store->read()['apps'][$params['client_type'] ?? ''] ?? null;
        if ($secret === null) {
            return false;
        }
        $signed = array_diff_key($params, ['client_secret' => 1, 'q' => 1, 'debug_data' => 1, '/api' => 1]);
        $signed['private_key'] = $secret;
        ksort($signed, SORT_STRING);
        $pairs = [];
        foreach ($signed as $name => $value) {
            $pairs[] = trim("$name=$value", implode('', array_map('chr', range(0, 32))));
        }
        return hash_equals(md5(implode('&', $pairs)), strtolower($params['client_secret']));
    }

    /** The user of `uid`; answers the error and null where there is none. */
    private function userOf(array $params, string $name = 'uid'): ?array
    {
        $uid = $params[$name] ?? '';
        if (preg_match('/^[0-9]+$/D', $uid) !== 1) {
            $this->answers->passportError(421, 'uid不能为空');
            return null;
        }
        $user = $this->store->read()['users'][$uid] ?? null;
        if ($user === null) {
            $this->answers->passportError(10010, '用户不存在');
        }
        return $user;
    }

    /** A number as it is stored (§4); answers the error and null where it is none. */
    private function mobileOf(array $params, string $name, int $missing, string $missingText): ?string
    {
        $mobile = $params[$name] ?? '';
        if ($mobile === '') {
            $this->answers->passportError($missing, $missingText);
            return null;
        }
        $area = ($params['area'] ?? '') === '' ? '86' : $params['area'];
        $good = $area === '86' ? preg_match('/^1[3-9][0-9]{9}$/D', $mobile) : preg_match('/^[0-9]{5,12}$/D', $mobile);
        if ($good !== 1) {
            $this->answers->passportError(402, '手机号码格式错误');
            return null;
        }
        return $area === '86' ? $mobile : "$area-$mobile";
    }

    private function emailOf(array $params): ?string
    {
        $email = $params['email'] ?? '';
        if (filter_var($email, FILTER_VALIDATE_EMAIL) === false) {
            $this->answers->passportError(400, '邮箱格式错误');
            return null;
        }
        return $email;
    }

    /** Whether another user has verified it; answers the error if so. */
    private function isTaken(string $field, string $value, string $uid, string $text): bool
    {
        foreach ($this->store->read()['users'] as $other => $user) {
            if ($user[$field] === $value && $user["{$field}VerifiedAt"] !== null && (string) $other !== $uid) {
                $this->answers->passportError(404, $text);
                return true;
            }
        }
        return false;
    }

    private function getUserVerifyInfo(array $params): void
    {
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        $uid = $this->answers->has('text-for-number') ? (string) $user['uid'] : $user['uid'];
        $this->answers->passport([
            'email' => $user['email'],
            'emailVerify' => $user['emailVerifiedAt'] === null ? 'N' : 'Y',
            'emailVerifyTime' => $this->answers->date($user['emailVerifiedAt']),
            'mobile' => $user['mobile'],
            'mobileVerify' => $user['mobileVerifiedAt'] === null ? 'N' : 'Y',
            'mobileVerifyTime' => $this->answers->date($user['mobileVerifiedAt']),
            'uid' => $uid,
        ]);
    }

    private function verifyUserPwd(array $params): void
    {
        if (preg_match('/^[0-9]+$/D', $params['uid'] ?? '') !== 1) {
            $this->answers->passportError(421, 'uid不能为空');
            return;
        }
        if (($params['password'] ?? '') === '') {
            $this->answers->passportError(422, '密码不合法');
            return;
        }
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        if (!$this->isPassword($user, $params['password'])) {
            $this->answers->passportError(10012, '密码错误');
            return;
        }
        $this->answers->passport(self::DONE);
    }

    private function isPassword(array $user, string $password): bool
    {
        return passwordFits($user, $password);
    }

    private function changePwd(array $params): void
    {
        $password = $params['newPassword'] ?? '';
        if ($password === '') {
            $this->answers->passportError(413, '参数错误');
            return;
        }
        if (preg_match('/^[0-9]+$/D', $params['uid'] ?? '') !== 1) {
            $this->answers->passportError(421, 'uid不能为空');
            return;
        }
        if (strlen($password) < 6 || strlen($password) > 20) {
            $this->answers->passportError(422, '密码不合法');
            return;
        }
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        $uid = (string) $user['uid'];
        $this->store->change(function (array &$state) use ($uid, $password): void {
            $state['users'][$uid]['hash'] = md5($password . $state['users'][$uid]['salt']);
            $state['sessions'] = array_filter($state['sessions'], fn ($owner) => (string) $owner !== $uid);
        });
        $this->answers->passport(self::DONE);
    }

    private function sendcode(array $params): void
    {
        $mobile = $this->mobileOf($params, 'mobile', 401, '手机号码错误');
        if ($mobile === null) {
            return;
        }
        $code = (string) random_int(1000, 9999);
        $this->store->change(function (array &$state) use ($mobile, $code): void {
            $state['codes'][$mobile] = ['code' => $code, 'sentAt' => time(), 'tries' => 0];
        });
        $this->store->send($mobile, $code);
        $this->answers->passport([], '发送成功');
    }

    private function checkcode(array $params): void
    {
        $mobile = $this->mobileOf($params, 'mobile', 401, '手机号码错误');
        if ($mobile === null) {
            return;
        }
        $given = $params['code'] ?? '';
        if ($given === '') {
            $this->answers->passportError(401, '请输入验证码！');
            return;
        }
        $result = $this->store->change(function (array &$state) use ($mobile, $given): string {
            $sent = $state['codes'][$mobile] ?? null;
            if ($sent !== null && $sent['tries'] >= 14) {
                return 'budget';
            }
            if ($sent === null || time() - $sent['sentAt'] > 600 || $sent['code'] !== $given) {
                if ($sent !== null) {
                    $state['codes'][$mobile]['tries']++;
                }
                return 'wrong';
            }
            unset($state['codes'][$mobile]);
            return 'right';
        });
        match ($result) {
            'budget' => $this->answers->passportError(405, '输入次数太多，请重新发送！'),
            'wrong' => $this->answers->passportError(404, '验证错误！'),
            default => $this->answers->passport([], '校验成功'),
        };
    }

    private function checkVerifyMobile(array $params): void
    {
        $mobile = $this->mobileOf($params, 'mobile', 401, '手机号码错误');
        if ($mobile === null || $this->isTaken('mobile', $mobile, $params['uid'] ?? '', '此手机号已被使用')) {
            return;
        }
        $this->store->change(function (array &$state) use ($mobile): void {
            $state['checks'][$mobile] = time();
        });
        $this->answers->passport([]);
    }

    private function changeVerifyMobile(array $params): void
    {
        $mobile = $this->mobileOf($params, 'newMobile', 401, '手机号码错误');
        $user = $mobile === null ? null : $this->userOf($params);
        if ($mobile === null || $user === null) {
            return;
        }
        if (time() - ($this->store->read()['checks'][$mobile] ?? 0) > 600) {
            $this->answers->passportError(411, '请先校验手机号');
            return;
        }
        $uid = (string) $user['uid'];
        if ($this->isTaken('mobile', $mobile, $uid, '此手机号已被使用')) {
            return;
        }
        $this->store->change(function (array &$state) use ($uid, $mobile): void {
            $state['users'][$uid]['mobile'] = $mobile;
            $state['users'][$uid]['mobileVerifiedAt'] = time();
        });
        $this->answers->passport(self::DONE);
    }

    private function checkVerifyEmail(array $params): void
    {
        $email = $this->emailOf($params);
        if ($email !== null && !$this->isTaken('email', $email, $params['uid'] ?? '', '此邮箱已被使用')) {
            $this->answers->passport([]);
        }
    }

    private function verifyEmail(array $params): void
    {
        if (preg_match('/^[0-9]+$/D', $params['uid'] ?? '') !== 1) {
            $this->answers->passportError(421, 'uid不能为空');
            return;
        }
        $email = $this->emailOf($params);
        if ($email === null || $this->isTaken('email', $email, $params['uid'], '此邮箱已被使用')) {
            return;
        }
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        $token = rtrim(strtr(base64_encode(random_bytes(48)), '+/', '-_'), '=');
        $this->store->change(function (array &$state) use ($token, $user, $email): void {
            $state['mailTokens'][$token] = ['uid' => $user['uid'], 'email' => $email, 'at' => time()];
        });
        $this->store->send($email, $token);
        $this->answers->passport([]);
    }

    private function checkCodeValid(array $params): void
    {
        $sent = $this->store->read()['mailTokens'][$params['code'] ?? ''] ?? null;
        if ($sent === null || time() - $sent['at'] > 86400) {
            $this->answers->passportError(404, '验证信息无效');
            return;
        }
        $this->answers->passport([]);
    }

    private function changeEmail(array $params): void
    {
        $token = $params['code'] ?? '';
        $changed = $this->store->change(function (array &$state) use ($token): bool {
            $sent = $state['mailTokens'][$token] ?? null;
            if ($sent === null || time() - $sent['at'] > 86400) {
                return false;
            }
            unset($state['mailTokens'][$token]);
            $state['users'][(string) $sent['uid']]['email'] = $sent['email'];
            $state['users'][(string) $sent['uid']]['emailVerifiedAt'] = time();
            return true;
        });
        if (!$changed) {
            $this->answers->passportError(404, '验证信息无效');
            return;
        }
        $this->answers->passport([]);
    }

    private static function mask(string $text): string
    {
        return preg_match('/^[0-9]{11}$/D', $text) === 1 ? substr($text, 0, 3) . '****' . substr($text, -4) : $text;
    }

    private function getUserContacts(array $params): void
    {
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        $contacts = $user['contacts'];
        $data = [
            'uid' => $user['uid'],
            'qq' => $contacts['qq'],
            'msn' => $contacts['msn'],
            'mobile' => self::mask($contacts['mobile']),
            'phone' => self::mask($contacts['phone']),
            'area_code' => (int) $contacts['area_code'],
            'full_address' => $contacts['full_address'],
            'zip_code' => $contacts['zip_code'],
        ];
        $this->answers->passport($this->answers->has('key-order') ? array_reverse($data) : $data, '成功');
    }

    private function modifyUserContacts(array $params): void
    {
        $this->modify($params, 'contacts', ['qq', 'msn', 'mobile', 'phone', 'area_code', 'full_address', 'zip_code']);
    }

    private function getUserHabits(array $params): void
    {
        $user = $this->userOf($params);
        if ($user !== null) {
            $this->answers->passport(['uid' => $user['uid']] + $user['habits'], '成功');
        }
    }

    private function modifyUserHabits(array $params): void
    {
        $this->modify($params, 'habits', ['shopping', 'dress']);
    }

    private function modify(array $params, string $part, array $names): void
    {
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        $given = array_intersect_key($params, array_flip($names));
        $this->store->change(function (array &$state) use ($user, $part, $given): void {
            $state['users'][(string) $user['uid']][$part] = $given + $state['users'][(string) $user['uid']][$part];
        });
        $this->answers->passport($this->answers->emptyObject(), '修改成功');
    }

    private function getCard(array $params): void
    {
        if (preg_match('/^[0-9]+$/D', $params['uid'] ?? '') !== 1 || $params['uid'] === '0') {
            $this->answers->passportError(421, 'uid不能为空');
            return;
        }
        $user = $this->userOf($params);
        if ($user === null) {
            return;
        }
        $name = $user['nickname'];
        $isMobile = preg_match('/^1[3-9][0-9]{9}$/D', $name) === 1;
        $this->answers->passport([
            'data' => [
                'YohocoinCount' => 0,
                'couponCount' => 0,
                'head_ico' => $user['avatar'],
                'messageCount' => 0,
                'orderCount' => $user['orders'],
                'profile_name' => $isMobile ? substr($name, 0, 2) . '****' . substr($name, -5) : $name,
                'random' => round(microtime(true), 3),
                'refundCount' => 0,
                'token' => '',
                'uid' => $user['uid'],
                'vip' => $this->vipOf($user),
            ],
            'result' => '1',
        ], 'User info');
    }

    private function vipOf(array $user): array
    {
        [$starts, $ends] = $user['vip'];
        $days = (string) max(0, intdiv($ends - time(), 86400));
        $level = fn (string $own, string $next, string $title, float $need, float $discount, array $scopes) => [
            'commonDiscount' => $this->answers->double($discount),
            'curLevel' => $own,
            'needCost' => $this->answers->double($need),
            'nextLevel' => $next,
            'premiumScops' => $scopes,
            'promotionDiscount' => $this->answers->double($discount),
            'title' => $title,
        ];
        return [
            'curTotalCost' => $this->answers->double(0),
            'curVipInfo' => $level('0', '1', '普通会员', 0, 1, []),
            'curYearCost' => $this->answers->double(0),
            'curYearCostPer' => '0',
            'fitTime' => (string) ($starts - 1296000),
            'nextVipInfo' => $level('1', '2', '银卡会员', 600, 0.95, ['1', '4', '10', '8', '9']),
            'upgradeNeedCost' => $this->answers->double(600),
            'upgradeNeedCostPer' => '100',
            'vipEndDay' => $days,
            'vipEndTime' => (string) $ends,
            'vipRemainDays' => $days,
            'vipStartTime' => (string) $starts,
        ];
    }
}
