#!/bin/bash
#
# Print what a site's database holds about its comments.
#
#   dump.sh DIR                every column, a comment a line, in order of id
#   dump.sh --no-status DIR    the same without comment_approved
#   dump.sh --counts DIR       status and number, for each status there is
#   dump.sh --labels DIR       id, status, label, and the id of the loaded row
#
# Tabs separate the columns; tabs, newlines and backslashes within them are
# escaped. Two dumps are equal byte for byte exactly when the rows are: take
# one with --no-status before and after, and cmp tells of any other change.
# A status is as in the database: 0, 1, spam, trash or post-trashed.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/e2e/wordpress/lib.sh
. "$here/lib.sh"

columns()
{
    query "SELECT GROUP_CONCAT(column_name ORDER BY ordinal_position)
           FROM information_schema.columns
           WHERE table_schema = 'wordpress'
             AND table_name = 'wp_comments' AND column_name <> '$1'"
}

query()
{
    sql_admin --batch --skip-column-names --quick \
        --default-character-set=utf8mb4 -e "$1" wordpress
}

what=--all
if [ $# -eq 2 ]; then
    what=$1
    shift
fi
[ $# -eq 1 ] || die "usage: dump.sh [--no-status|--counts|--labels] DIR"
home_find "$1"

case $what in
--all) query "SELECT * FROM wp_comments ORDER BY comment_ID" ;;
--no-status)
    query "SELECT $(columns comment_approved)
           FROM wp_comments ORDER BY comment_ID"
    ;;
--counts)
    query "SELECT comment_approved, COUNT(*) FROM wp_comments
           GROUP BY comment_approved ORDER BY comment_approved"
    ;;
--labels)
    query "SELECT c.comment_ID, c.comment_approved,
                  IFNULL(l.meta_value, ''), IFNULL(i.meta_value, '')
           FROM wp_comments c
           LEFT JOIN wp_commentmeta l ON l.comment_id = c.comment_ID
                AND l.meta_key = 'sluice_test_label'
           LEFT JOIN wp_commentmeta i ON i.comment_id = c.comment_ID
                AND i.meta_key = 'sluice_test_id'
           ORDER BY c.comment_ID"
    ;;
*) die "no option $what" ;;
esac
