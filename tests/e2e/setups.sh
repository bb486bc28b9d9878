#!/bin/bash
#
# Real WordPress sites set up in various ways, right and wrong: what a run and
# the doctor make of them.
#
#     tests/e2e/setups.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"
# shellcheck source=tests/e2e/line.sh
. "$here/line.sh"

comments=12

# Addresses of this machine that are other hosts to the program; ports 80 and
# 443 of them are root's.
secure_host=127.0.0.3
other_host=127.0.0.4

# doctor CODE PATTERN... [-- OPTION...]: it leaves with that code, and has
# found these things.
doctor()
{
    local code=$1 pattern patterns=()

    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        patterns+=("$1")
        shift
    done
    [ $# = 0 ] || shift
    sluice "$code" doctor "$@" || {
        cat out
        return 1
    }
    for pattern in "${patterns[@]}"; do
        has out "$pattern" || return 1
    done
    ! grep -qF -- "$SLUICE_SITE_PASSWORD" out err
}

# new_site NAME [VARIABLE=VALUE...]: a site with comments.
new_site()
{
    local name=$1

    shift
    check "$name: a site" site_fresh "$@"
    site_settings
    rm -f sluice.db*
    check "$name: with comments" site_load comments.ndjson
}

# run_there NAME [OPTION...]: all comments are judged and told.
run_there()
{
    local name=$1

    shift
    check "$name: run" sluice 0 run "$@"
    check "$name: it has judged all" has out "judged $comments:"
    check "$name: each comment is as its verdict says" verdicts_done
}

well()
{
    check "doctor: all is well" doctor 0 '^ok +rest ' '^ok +login ' \
        '^ok +role ' '^ok +companion +version ' '^ok +clock ' \
        "^ok +queue +$comments comments" '^all is well$' '^ok +store .*first run'
    check "doctor: makes no store" [ ! -e sluice.db ]
    run_there "as it should be"
    check "doctor: and of the store" doctor 0 '^ok +store .*read and written'
    mv "$WP_ROOT/wp-content/mu-plugins/sluice.php" .
    check "doctor: no companion" doctor 0 '^warn +companion +not installed' \
        '^all is well, but'
    mv sluice.php "$WP_ROOT/wp-content/mu-plugins/"
}

wrong_address()
{
    check "doctor: no such host" doctor 3 '^FAIL +name .*no such host' -- \
        --site-url https://blog.invalid
    check "doctor: nobody listens" doctor 3 '^FAIL +connection .*no answer' -- \
        --site-url http://127.0.0.1:1
    check "doctor: not WordPress" doctor 3 '^FAIL +rest .*look at url' -- \
        --site-url "$WP_URL/wp-includes"
    check "doctor: no address" doctor 2 '^FAIL +site .*url' -- \
        --site-url 'no address'
}

wrong_here()
{
    check "doctor: no place for a store" doctor 3 '^FAIL +store ' \
        '^ok +queue ' -- --store no/such/place.db
    echo text >text
    check "doctor: a store that is none" doctor 3 '^FAIL +store ' -- \
        --store text
    check "doctor: no model" doctor 2 '^FAIL +model ' '^ok +queue ' -- \
        --model no/such/place
    SLUICE_SITE_USER='' check "doctor: no user" doctor 2 '^FAIL +site .*Editor'
}

wrong_login()
{
    SLUICE_SITE_PASSWORD='aaaa bbbb cccc' check "doctor: wrong password" \
        doctor 3 '^FAIL +login .*the login arrives, and is wrong'
    SLUICE_SITE_USER=$WP_AUTHOR_USER \
        SLUICE_SITE_PASSWORD=$WP_AUTHOR_PASSWORD \
        check "doctor: an author" \
        doctor 3 '^ok +login ' '^FAIL +role .*role of an Editor'
    fault kind=strip
    check "doctor: Authorization dropped on the way" doctor 3 \
        '^FAIL +login .*drops the Authorization header.*htaccess' -- \
        --site-url "$line"
    check "run: Authorization dropped on the way" sluice 3 run --site-url "$line"
    check "run: says so" has err 'drops the Authorization header'
    mv "$WP_ROOT/wp-content/mu-plugins/sluice.php" .
    check "doctor: dropped, and no companion" doctor 3 \
        '^FAIL +login .*wrong.*or the web server drops' -- --site-url "$line"
    mv sluice.php "$WP_ROOT/wp-content/mu-plugins/"
    fault kind=none
}

# A password for this host is for no other.
led_away()
{
    local first=$line first_pid=$line_pid

    line_up "$other_host:0"
    other=$line
    other_pid=$line_pid
    line=$first
    line_pid=$first_pid
    fault "kind=redirect&to=$other&match=users/me|sluice/v1|wp/v2"
    check "led to another host: run" sluice 3 run --site-url "$line"
    check "led to another host: says so" has err 'redirected to .*no password'
    check "led to another host: doctor" doctor 3 \
        '^FAIL +login .*redirected to' -- --site-url "$line"
    check "led to another host: the login was not" \
        same "$(curl -sS "$other/-/logins")" 0
    check "led to another host: and could have been seen" \
        at_least "$(ask_line logins)" 1
    kill "$other_pid"
    fault kind=none
}

certificate()
{
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem \
        -out ca.pem -subj /CN=test -addext \
        "subjectAltName=IP:127.0.0.1,IP:$secure_host" 2>/dev/null
    cat key.pem ca.pem >both.pem
    line_down
    line_ca=$scratch/ca.pem
    line_up 0 both.pem
    check "own certificate: run" sluice 3 run --site-url "$line" \
        --site-retries 0
    check "own certificate: says so" has err 'certificate is not trusted.*ca_file'
    check "own certificate: doctor" doctor 3 \
        '^FAIL +connection .*certificate is not trusted' -- --site-url "$line"
    check "own certificate: it got no login" same "$(ask_line logins)" 0
    check "own certificate, named: doctor" doctor 0 '^ok +connection .*trusted' \
        '^ok +queue ' -- --site-url "$line" --site-ca-file ca.pem
    site_sql "UPDATE wp_comments SET comment_approved = '0'"
    rm -f sluice.db*
    run_there "own certificate, named" --site-url "$line" \
        --site-ca-file ca.pem
}

# From http to https of the same host the program goes itself.
to_https()
{
    if [ "$(id -u)" != 0 ]; then
        skip "http leads to https" "ports 80 and 443 are root's"
        return
    fi
    line_down
    line_up "$secure_host:443" both.pem
    secure_pid=$line_pid
    line_ca=
    line_up "$secure_host:80"
    fault "kind=redirect&to=https://$secure_host"
    # It has to agree that this is where it lives.
    echo "<?php add_filter('option_home', fn() => 'https://$secure_host', 99);
        remove_action('template_redirect', 'redirect_canonical');" \
        >"$WP_ROOT/wp-content/mu-plugins/home.php"
    site_sql "UPDATE wp_comments SET comment_approved = '0'"
    rm -f sluice.db*
    run_there "http leads to https" --site-url "http://$secure_host" \
        --site-ca-file ca.pem
    check "http leads to https: doctor" doctor 0 \
        '^warn +connection .*only leads to https.*set url' '^ok +queue ' -- \
        --site-url "http://$secure_host" --site-ca-file ca.pem
    check "http leads to https: the login went only there" \
        same "$(ask_line logins)" 0
    rm "$WP_ROOT/wp-content/mu-plugins/home.php"
    kill "$secure_pid"
    line_down
}

no_passwords()
{
    echo "<?php add_filter('wp_is_application_passwords_available',
        '__return_false');" >"$WP_ROOT/wp-content/mu-plugins/block.php"
    line_ca=$scratch/ca.pem
    line_down
    line_up 0 both.pem
    check "passwords forbidden by a plugin: doctor" doctor 3 \
        '^FAIL +passwords .*security plugin' -- --site-url "$line" \
        --site-ca-file ca.pem
    check "passwords forbidden by a plugin: run" sluice 3 run \
        --site-url "$line" --site-ca-file ca.pem
    check "passwords forbidden by a plugin: says so" \
        has err 'application passwords switched off.*plugin'
    line_down
    new_site "passwords without https" WP_TYPE=production
    check "passwords without https: doctor" doctor 3 \
        '^FAIL +passwords .*https'
    check "passwords without https: run" sluice 3 run
    check "passwords without https: says so" \
        has err 'application passwords switched off.*https'
}

other_places()
{
    new_site "in a directory" WP_PATH=blog/
    check "in a directory: doctor" doctor 0 '^ok +rest .*/blog/wp-json/$' \
        "^ok +queue +$comments"
    run_there "in a directory"
    new_site "plain permalinks" WP_PERMALINKS=plain
    check "plain permalinks: doctor" doctor 0 '^ok +rest .*plain permalinks' \
        "^ok +queue +$comments"
    run_there "plain permalinks"
    check "plain permalinks: over the companion" has err 'event=companion '
    check "plain permalinks: undo" sluice 0 undo 1
    check "plain permalinks: all wait again" same \
        "$(site_statuses | grep -c ' hold$')" "$comments"
}

begin "$@"
export WP_COMPANION=must-use
"$here/choose_comments.py" --sample | head -n "$comments" >comments.ndjson
site_begin
trap 'line_down; site_stop' EXIT
check "the comments are loaded" site_load comments.ndjson
line_up 0
well
wrong_address
wrong_here
wrong_login
led_away
certificate
to_https
no_passwords
other_places
check "the line is in order" same "$(cat line.err)" ""
finish
