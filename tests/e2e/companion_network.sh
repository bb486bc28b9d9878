#!/bin/bash
#
# The companion in a network of sites (multisite, in sub-directories): each
# site has its own queue, settings and events, and nothing stays behind.
#
#     tests/e2e/companion_network.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/companion.sh
. "$here/companion.sh"

rows=40

# on_site PATH PHP: what a plugin does on the site at that path.
on_site()
{
    cat >on_site.php <<END
<?php
\$_SERVER['HTTP_HOST'] = '${WP_URL#http://}';
\$_SERVER['REQUEST_URI'] = '$1';
require '$here/wordpress/site.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
act_as('admin');
$2
END
    php on_site.php "$site_dir"
}

# new_site PATH: its number is then in $id. WordPress itself makes none at an
# address with a port, but lives with one.
new_site()
{
    echo "\$id = wp_insert_site(['domain' => 'later.example',
        'path' => '$1', 'network_id' => 1, 'user_id' => 1]);
        if (is_wp_error(\$id))
            fail(\$id->get_error_message());
        \$wpdb->update(\$wpdb->blogs, ['domain' => '${WP_URL#http://}'],
            ['blog_id' => \$id]);
        clean_blog_cache(\$id);
        update_blog_option(\$id, 'siteurl', '$WP_URL${1%/}');
        update_blog_option(\$id, 'home', '$WP_URL${1%/}');"
}

make_network()
{
    php "$here/wordpress/make_network.php" "$site_dir" &&
        on_site / "$(new_site /second/)
        add_user_to_blog(\$id, get_user_by('login', 'moderator')->ID, 'editor');
        switch_to_blog(\$id);
        update_option('comment_previously_approved', '0');
        update_option('comment_moderation', '1');"
}

# Comments on the second site; the same numbers are others on the first.
second_rows()
{
    on_site /second/ "
        \$post = wp_insert_post(['post_title' => 'P', 'post_status' =>
            'publish', 'post_content' => 'text']);
        for (\$i = 0; \$i < $rows; \$i++)
            wp_insert_comment(['comment_post_ID' => \$post,
                'comment_author' => 'A', 'comment_content' =>
                'cheap pills http://pills.example/ ' . \$i,
                'comment_approved' => 0]);"
}

# named: tables, options and meta of each site that have our name.
named()
{
    site_sql "
        SELECT table_name FROM information_schema.tables
            WHERE table_name LIKE '%sluice%' UNION ALL
        SELECT CONCAT('1 ', option_name) FROM wp_options
            WHERE option_name LIKE '%sluice%' OR
                (option_name = 'cron' AND option_value LIKE '%sluice%')
        UNION ALL SELECT CONCAT('2 ', option_name) FROM wp_2_options
            WHERE option_name LIKE '%sluice%' OR
                (option_name = 'cron' AND option_value LIKE '%sluice%')
        UNION ALL SELECT '1 meta' FROM wp_commentmeta
            WHERE meta_key LIKE '%sluice' UNION ALL
        SELECT '2 meta' FROM wp_2_commentmeta
            WHERE meta_key LIKE '%sluice'" | tail -n +2 | sort -u
}

a_run_on_the_second()
{
    export SLUICE_SITE_URL=$WP_URL/second/
    check "a run on the second site" sluice 0 run --no-table \
        --policy-approve-below 0.5 --policy-spam-at 0.5 \
        --policy-abuse-hold-at 1
    check "over the companion" has err "event=companion "
    check "tells all" has out "site took $rows, skipped 0, failed 0"
    check "its comments are decided" same "$(site_sql "SELECT COUNT(*) FROM
        wp_2_comments WHERE comment_approved = '0' AND comment_content LIKE
        'cheap%'" | tail -n 1)" 0
    check "the first site's are not" same \
        "$(site_statuses | grep -c ' hold$')" "$rows"
    check "reasons are on the second" same "$(named | grep meta)" "2 meta"
}

# settings PATH: of the site there.
connect_site()
{
    on_site "$1" "update_option('sluice_url', 'http://127.0.0.1:1/v1/hooks/b');
        update_option('sluice_secret', '$secret');"
}

comment_on()
{
    on_site "$1" "wp_insert_comment(['comment_post_ID' => get_posts()[0]->ID,
        'comment_content' => 'new', 'comment_approved' => 0]);"
}

events()
{
    check "the second site is connected" connect_site /second/
    check "a comment there" comment_on /second/
    check "is kept for it" same \
        "$(site_sql "SELECT type FROM wp_2_sluice_outbox" | tail -n 1)" \
        comment.created
    check "a comment on the first" comment_on /
    check "is not told, as that is not connected" same \
        "$(site_sql "SELECT COUNT(*) FROM wp_sluice_outbox" | tail -n 1)" 0
    check "what wp-config.php says is for the first alone" same "$(on_site \
        /second/ "define('SLUICE_URL', 'http://first.example/');
        echo Sluice_Settings::url();")" http://127.0.0.1:1/v1/hooks/b
}

# The server calls the address, so it is not for the owner of one site.
address_is_the_networks()
{
    check "the owner of a site may not set the address" same "$(on_site \
        /second/ "\$user = get_user_by('login', 'author');
        add_user_to_blog(get_current_blog_id(), \$user->ID, 'administrator');
        wp_set_current_user(\$user->ID);
        require_once '$WP_ROOT/wp-content/plugins/sluice/sluice.php';
        echo current_user_can('manage_options') ? 'owner ' : '',
            current_user_can(Sluice_Page::capability()) ? 'may' : 'may not';")" \
        "owner may not"
}

a_third_comes_and_goes()
{
    check "a third site" on_site / "$(new_site /third/)"
    check "is connected" connect_site /third/
    check "a comment there" comment_on /third/
    check "is kept" same "$(named | grep outbox | xargs)" \
        "wp_2_sluice_outbox wp_3_sluice_outbox wp_sluice_outbox"
    check "the site goes" on_site / "wpmu_delete_blog(3, true);"
    check "with all it had" same "$(named | grep outbox | xargs)" \
        "wp_2_sluice_outbox wp_sluice_outbox"
}

leaving()
{
    check "deactivated on the network" on_site / \
        "deactivate_plugins('sluice/sluice.php', false, true);"
    check "nothing is planned any more" same "$(named | grep cron)" ""
    check "what there was stays" same "$(named | grep -c outbox)" 2
    check "deleted" on_site / "uninstall_plugin('sluice/sluice.php');"
    check "nothing is left" same "$(named)" ""
}

# Active on the second site only, and then deleted: that is done in the
# network's wp-admin, where the first site's options count.
one_site_alone()
{
    check "activated on the second site alone" on_site /second/ \
        "activate_plugin('sluice/sluice.php');"
    check "and connected" connect_site /second/
    check "a comment there" comment_on /second/
    check "is kept" same "$(named | grep outbox)" wp_2_sluice_outbox
    check "deactivated there" on_site /second/ \
        "deactivate_plugins('sluice/sluice.php');"
    check "deleted" on_site / "uninstall_plugin('sluice/sluice.php');"
    check "nothing is left of that either" same "$(named)" ""
}

begin "$@"
export WP_COMPANION=plugin
site_begin
"$here/make_rows.py" "$rows" >rows.ndjson
check "rows" site_load rows.ndjson
check "a network" make_network
check "activated on the network" on_site / \
    "deactivate_plugins('sluice/sluice.php');
    activate_plugin('sluice/sluice.php', '', true);"
second_rows
a_run_on_the_second
events
address_is_the_networks
a_third_comes_and_goes
leaving
one_site_alone
check "PHP had nothing to say" same "$(complaints)" ""
finish
