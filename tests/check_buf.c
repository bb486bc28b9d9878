#include "base/buf.h"
#include "base/file.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(test_buf_ceiling)
{
    struct buf buf;

    buf_init(&buf, 4);
    buf_add(&buf, SPAN_LIT("abc"));
    buf_add(&buf, SPAN_LIT("de"));
    ck_assert(buf.full);
    ck_assert(span_eq(buf_span(&buf), SPAN_LIT("abc")));
    buf_add(&buf, SPAN_LIT("d"));
    ck_assert_msg(buf.len == 3, "once full, nothing is added");
    buf_reset(&buf);
    buf_addf(&buf, "%d", 1234);
    ck_assert(!buf.full && span_eq(buf_span(&buf), SPAN_LIT("1234")));
    buf_release(&buf);
}
END_TEST

START_TEST(test_buf_empty)
{
    struct buf buf;

    buf_init(&buf, 10);
    ck_assert(span_eq(buf_span(&buf), SPAN_LIT("")));
    buf_release(&buf);
}
END_TEST

START_TEST(test_file_replace_and_read)
{
    char dir[] = "/tmp/sluice-check-XXXXXX";
    char path[64];
    struct span mapped;
    struct error err;
    struct stat st;
    struct buf buf;

    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/file", dir);
    ck_assert_int_eq(file_replace(path, SPAN_LIT("one"), &err), ERROR_NONE);
    chmod(path, 0600);
    ck_assert_int_eq(file_replace(path, SPAN_LIT("two"), &err), ERROR_NONE);
    ck_assert(!stat(path, &st) && (st.st_mode & 0777) == 0600);
    ck_assert_int_eq(file_map(&mapped, path, &err), ERROR_NONE);
    ck_assert(span_eq(mapped, SPAN_LIT("two")));
    file_unmap(mapped);
    buf_init(&buf, 3);
    ck_assert_msg(!buf_read_file(&buf, path, &err),
                  "a file as large as the ceiling fits");
    ck_assert(span_eq(buf_span(&buf), SPAN_LIT("two")));
    buf_release(&buf);
    buf_init(&buf, 2);
    ck_assert_int_eq(buf_read_file(&buf, path, &err), ERROR_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    buf_release(&buf);
    unlink(path);
    rmdir(dir);
}
END_TEST

START_TEST(test_file_missing_is_named)
{
    struct span mapped;
    struct error err;

    ck_assert_int_eq(file_map(&mapped, "/nowhere/at/all", &err), ERROR_INPUT);
    ck_assert_ptr_nonnull(strstr(err.text, "/nowhere/at/all"));
    ck_assert_int_eq(file_replace("/nowhere/at/all", SPAN_LIT("x"), &err),
                     ERROR_INPUT);
}
END_TEST

Suite *buf_suite(void)
{
    Suite *s = suite_create("buf");
    TCase *tc = tcase_create("buf");

    tcase_add_test(tc, test_buf_ceiling);
    tcase_add_test(tc, test_buf_empty);
    tcase_add_test(tc, test_file_replace_and_read);
    tcase_add_test(tc, test_file_missing_is_named);
    suite_add_tcase(s, tc);
    return s;
}
