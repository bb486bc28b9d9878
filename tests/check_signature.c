#include "server/signature.h"

#include <check.h>
#include <string.h>

#define OLD "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk"
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/* The example of the Standard Webhooks specification's libraries. */
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define WHEN "1614265330"
#define BODY "{\"test\": 2432232314}"
#define GOOD "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static const struct {
    const char *secrets;
    const char *id;
    const char *when;
    const char *body;
    const char *signature;
    bool good;
} standard_case[] = {
    { SECRET, ID, WHEN, BODY, GOOD, true },
    { OLD " " SECRET, ID, WHEN, BODY, GOOD, true },
    { SECRET " " OLD, ID, WHEN, BODY, GOOD, true },
    { SECRET, ID, WHEN, BODY, "v1,AAAA " GOOD, true },
    { SECRET, ID, WHEN, BODY, "v1a,AAAA " GOOD " v2,x", true },
    { "  " SECRET "  ", ID, WHEN, BODY, " " GOOD " ", true },
    { OLD, ID, WHEN, BODY, GOOD, false },
    { "", ID, WHEN, BODY, GOOD, false },
    { "whsec_", ID, WHEN, BODY, GOOD, false },
    { "whsec_!!!!", ID, WHEN, BODY, GOOD, false },
    { SECRET, ID "x", WHEN, BODY, GOOD, false },
    { SECRET, ID, "1614265331", BODY, GOOD, false },
    { SECRET, ID, WHEN, BODY " ", GOOD, false },
    { SECRET, ID, WHEN, BODY, "", false },
    { SECRET, ID, WHEN, BODY, "v1,", false },
    { SECRET, ID, WHEN, BODY, "v1", false },
    { SECRET, ID, WHEN, BODY,
      "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", false },
    { SECRET, ID, WHEN, BODY,
      "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", false },
    { SECRET, ID, WHEN, BODY,
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O==", false },
    { SECRET, ID, WHEN, BODY, "v1,g0hM9SsE", false },
};

START_TEST(test_signature_standard)
{
    ck_assert_int_eq(
        signature_is_standard(span_str(standard_case[_i].secrets),
                              span_str(standard_case[_i].id),
                              span_str(standard_case[_i].when),
                              span_str(standard_case[_i].body),
                              span_str(standard_case[_i].signature)),
        standard_case[_i].good);
}
END_TEST

/* Computed by another program. */
#define HUB_SECRET "It's-a-Secret-to-Everybody"
#define HUB_BODY "Hello, World!"
#define HUB_GOOD                                                              \
    "sha256="                                                                 \
    "fff9d530176ddefaf50a3004e52ad278a4ef09eee3f00efc14fc4c207384f931"

static const struct {
    const char *secrets;
    const char *body;
    const char *signature;
    bool good;
} hub_case[] = {
    { "secret-of-before-this-one", HUB_BODY, HUB_GOOD, false },
    { "", HUB_BODY, HUB_GOOD, false },
    { "0123456789abcdef", "x", "sha256=", false },
    { "0123456789abcdef", "x", "sha1=00", false },
    { "0123456789abcdef", "x", "sha256=zz", false },
    { "0123456789abcdef", "x",
      "sha256="
      "0000000000000000000000000000000000000000000000000000000000000000",
      false },
};

START_TEST(test_signature_hub)
{
    ck_assert_int_eq(signature_is_hub(span_str(hub_case[_i].secrets),
                                      span_str(hub_case[_i].body),
                                      span_str(hub_case[_i].signature)),
                     hub_case[_i].good);
}
END_TEST

START_TEST(test_signature_hub_good)
{
    ck_assert(signature_is_hub(SPAN_LIT(HUB_SECRET), SPAN_LIT(HUB_BODY),
                               SPAN_LIT(HUB_GOOD)));
    ck_assert(signature_is_hub(SPAN_LIT("other " HUB_SECRET),
                               SPAN_LIT(HUB_BODY), SPAN_LIT(HUB_GOOD)));
    ck_assert(!signature_is_hub(SPAN_LIT(HUB_SECRET), SPAN_LIT("Hello"),
                                SPAN_LIT(HUB_GOOD)));
}
END_TEST

static const struct {
    const char *secrets;
    bool sound;
} sound_case[] = {
    { "", true },
    { SECRET, true },
    { SECRET " " OLD, true },
    { "0123456789abcdef", true },
    { "0123456789abcde", false },
    { "whsec_AAAA", false },
    { "whsec_?", false },
    { SECRET " short", false },
};

START_TEST(test_signature_secrets_sound)
{
    ck_assert_int_eq(signature_secrets_sound(span_str(sound_case[_i].secrets)),
                     sound_case[_i].sound);
}
END_TEST

#define NR(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *signature_suite(void)
{
    Suite *s = suite_create("signature");
    TCase *tc = tcase_create("signature");

    tcase_add_loop_test(tc, test_signature_standard, 0, NR(standard_case));
    tcase_add_loop_test(tc, test_signature_hub, 0, NR(hub_case));
    tcase_add_test(tc, test_signature_hub_good);
    tcase_add_loop_test(tc, test_signature_secrets_sound, 0, NR(sound_case));
    suite_add_tcase(s, tc);
    return s;
}
