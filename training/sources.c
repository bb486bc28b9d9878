#include "sources.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define BOTH (SOURCE_SPAM | SOURCE_ABUSE)

const struct source source_list[] = {
    /* Spam, and the ham of the same places. */
    { "midonet", "train/wp_midonet_early.ndjson", SOURCE_SPAM, 200, 50, 3, 1 },
    { "misc", "train/wp_misc_spam.ndjson", SOURCE_SPAM, 50, 0, 6, 1 },
    { "leaked", "train/blog_haacked_leaked_spam.ndjson", SOURCE_SPAM, 200, 0,
      4, 1 },
    { "spintax", "train/blog_spintax_templates.ndjson", SOURCE_SPAM, 50, 0, 2,
      1 },
    { "spintax", "train/blog_spintax_expanded.ndjson", SOURCE_SPAM, 800, 0,
      0.5, 1 },
    { "spintax", "train/blog_spambot_dump.ndjson", SOURCE_SPAM, 60, 0, 2, 1 },
    { "tube", "train/youtube_tubespam.train.ndjson", SOURCE_SPAM, 800, 800, 1,
      1 },
    { "scam", "train/youtube_scam_2022.ndjson", SOURCE_SPAM, 450, 450, 1, 1 },
    { "telegram", "train/telegram_tgspam.ndjson", SOURCE_SPAM, 200, 450, 3,
      1 },
    { "judol", "train/judol_id_mixed.ndjson", SOURCE_SPAM, 500, 500, 1, 1 },
    { "haacked", "train/ham_haacked_blog.ndjson", SOURCE_SPAM | SOURCE_BLOG, 0,
      1600, 1, 1 },

    /* Made from a list of what spam contains. */
    { "lists", "lists/wordpress_comment_blocklist.txt",
      SOURCE_SPAM | SOURCE_LIST, 800, 0, 1, 0 },

    /* Written for sluice. */
    { "written", "written/news.ndjson", BOTH, 1000, 1000, 1, 2 },
    { "written", "written/tech.ndjson", BOTH, 1000, 1000, 1, 2 },
    { "written", "written/lifestyle.ndjson", BOTH, 1000, 1000, 1, 2 },
    { "written", "written/money-sport.ndjson", BOTH, 1000, 1000, 1, 2 },
    { "written", "written/languages.ndjson", BOTH, 1000, 1000, 1, 2 },
    { "written", "written/pairs.ndjson", BOTH, 1000, 1000, 1, 2 },

    /* Abuse; its ham is ham for the spam head, too. */
    { "jigsaw", "train/jigsaw_train_prefix20k.ndjson", BOTH, 0, 400, 1, 0.6 },
    { "jigsaw", "train/jigsaw_train_sixlabel.ndjson", SOURCE_ABUSE, 0, 0, 1,
      1 },
    { "impermium", "train/impermium_insults.train.ndjson", BOTH, 0, 1000, 1,
      3 },
    { "olid", "train/olid.train.ndjson", BOTH, 0, 150, 1, 0.4 },
    { "civil", "train/civil_toxicspans.ndjson", SOURCE_SPAM | SOURCE_NEWS, 0,
      1800, 1, 0 },
    { "wikitalk", "train/cat_small_wikitalk.ndjson", BOTH, 0, 200, 1, 1 },
    { "germeval", "train/germeval2018_de.train.ndjson", BOTH, 0, 150, 1, 0.4 },
    { "germeval", "train/germeval2021_de.train.ndjson", BOTH, 0, 150, 1, 0.4 },
    { "toldbr", "train/toldbr_pt.ndjson", BOTH, 0, 150, 1, 0.25 },
    { "kohate", "train/kohate_ko.train.ndjson", BOTH, 0, 150, 1, 0.4 },
    { "victsd", "train/victsd_vi.train.ndjson", BOTH, 0, 150, 1, 0.4 },
    { "hatemoji", "train/hatemojibuild.train.ndjson", BOTH, 0, 150, 1, 0.4 },
};

const size_t source_nr = sizeof(source_list) / sizeof(source_list[0]);

bool sources_public(const char *directory)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof(path), "%s/train", directory);
    return access(path, X_OK) == 0;
}

enum error_code sources_read(struct row_list *rows, const char *directory,
                             unsigned kinds, struct error *err)
{
    bool public = sources_public(directory);

    for (size_t i = 0; i < source_nr; i++) {
        char path[PATH_BYTES];
        enum error_code rc;

        if (!(source_list[i].kind & kinds) ||
            (source_list[i].kind & SOURCE_LIST) ||
            (!public && strcmp(source_list[i].origin, "written") != 0))
            continue;
        snprintf(path, sizeof(path), "%s/%s", directory, source_list[i].file);
        rc = rows_read(rows, path, (int)i, err);
        if (rc)
            return rc;
    }
    return rows_leave_out(rows, "training/mislabelled.txt", err);
}
