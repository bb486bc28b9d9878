#include "model/model.h"

#include "model/builtin.h"
#include "support/store_dir.h"
#include "support/tiny_model.h"

#include <check.h>

/* Nobody looks at this when the program starts. */
START_TEST(test_model_builtin_is_of_one_piece)
{
    struct manifest manifest;
    struct error err;

    ck_assert_msg(
        !manifest_parse(&manifest, "built-in", builtin_manifest(), &err), "%s",
        err.text);
    ck_assert_str_eq(digest_of(builtin_weights()).hex, manifest.weights.hex);
}
END_TEST

START_TEST(test_model_of_two_pieces_is_refused)
{
    struct store_dir dir;
    struct model *model;
    struct buf weights;
    char path[PATH_MAX];
    struct error err;

    store_dir_make(&dir);
    tiny_model_write(dir.dir);
    ck_assert_msg(!model_open(&model, dir.dir, &err), "%s", err.text);
    model_close(model);
    buf_init(&weights, TINY_MODEL_BYTES);
    snprintf(path, sizeof(path), "%s/weights.bin", dir.dir);
    ck_assert(!buf_read_file(&weights, path, &err));
    weights.ptr[weights.len / 2] ^= 1;
    tiny_model_save(dir.dir, "weights.bin", &weights);
    ck_assert_int_eq(model_open(&model, dir.dir, &err), ERROR_MODEL);
    ck_assert_ptr_nonnull(strstr(err.text, "not of one model"));
    buf_release(&weights);
    store_dir_remove(&dir);
}
END_TEST

Suite *model_suite(void)
{
    Suite *s = suite_create("model");
    TCase *tc = tcase_create("open");

    tcase_add_test(tc, test_model_builtin_is_of_one_piece);
    tcase_add_test(tc, test_model_of_two_pieces_is_refused);
    suite_add_tcase(s, tc);
    return s;
}
