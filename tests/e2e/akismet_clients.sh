#!/bin/bash
#
# Clients of the Akismet protocol that others wrote, unmodified, against a
# running server: akismet-api and akismet from npm, Perl's Net::Akismet and
# Ruby's akismet from Debian. WordPress's plugin has akismet_wordpress.sh.
#
# Most of them put the key before the host's name and look that name up, and
# one goes to rest.akismet.com by TLS whatever one does. So they see another
# /etc/hosts, in a mount namespace of their own.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$(dirname "$0")/serving.sh"
begin "$@"
serving_begin

clients=$here/akismet
installed=$(dirname "$scratch")/clients
key=k3y0fthe8log
comments=$clients/comments.json
# A loopback address of our own, so that its port 443 is free.
tls=127.$((RANDOM % 200 + 20)).$((RANDOM % 250)).$((RANDOM % 250 + 1))

# named COMMAND...: with our names for hosts.
named()
{
    local as_root=()

    [ "$(id -u)" = 0 ] || as_root=(--map-root-user)
    # shellcheck disable=SC2016
    unshare "${as_root[@]}" --mount bash -c '
        mount --bind "$1" /etc/hosts && shift && exec timeout 60 "$@"' _ hosts "$@"
}

write_hosts()
{
    local label

    echo "127.0.0.1 localhost"
    for label in "$key" wrongwrong12; do
        echo "127.0.0.1 $label.localhost"
        echo "$tls $label.rest.akismet.com"
    done
    echo "$tls rest.akismet.com"
}

configure()
{
    cat >sluice.conf <<END
store = $scratch/sluice.db
listen = 127.0.0.1:$port
[site]
name = blog
key = $1
END
    chmod 600 sluice.conf
}

# speaks NAME EXPECTED COMMAND...: the client prints EXPECTED, and no more.
speaks()
{
    local name=$1 expected=$2

    shift 2
    "$@" >"$name.out" 2>"$name.err" || {
        echo "$name left with $?"
        tail -n 5 "$name.err"
        return 1
    }
    diff "$name.out" - <<<"$expected"
}

# Each client reports the honest comment as spam when it has asked about it;
# the next ones then ask about one that people called spam, and the answer is
# doubt, which this protocol has no word for: see doubted.
thanks="Thanks for making the web a better place."

npm_clients()
{
    if ! command -v npm >/dev/null; then
        skip "npm's akismet-api and akismet" "there is no npm"
        return
    fi
    export NODE_PATH=$installed/node_modules
    check "npm akismet-api" speaks npm-akismet-api "verify true
spam true
ham false
trapped true
submit-spam $thanks
submit-ham $thanks
wrong key false
wrong check Invalid API key" \
        named node "$clients/npm_api.js" "localhost:$port" "$key"
    # It looks up the key's host as the others do.
    check "npm akismet" speaks npm-akismet "$(answers)" \
        named node "$clients/npm_old.js" localhost "$port" "$key"
}

answers()
{
    printf '%s\n' "verify true" "spam true" "ham false" "submit-spam done" \
        "submit-ham done" "wrong key false"
}

perl_client()
{
    check "Perl's Net::Akismet" speaks perl "verify true
spam true
ham false
submit-spam $thanks
submit-ham $thanks
wrong key false" \
        named perl "$clients/client.pl" "localhost:$port" "$key" "$comments"
}

# A certificate that nobody else trusts, and who speaks TLS with it.
tls_start()
{
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout tls.key \
        -out tls.crt -subj "/CN=rest.akismet.com" -addext \
        "subjectAltName=DNS:rest.akismet.com,DNS:*.rest.akismet.com" \
        2>tls.err || return 1
    socat "OPENSSL-LISTEN:443,bind=$tls,cert=tls.crt,key=tls.key,verify=0,fork,reuseaddr" \
        "TCP:127.0.0.1:$port" 2>socat.err &
    soon bash -c "exec 3<>/dev/tcp/$tls/443" || {
        cat socat.err
        return 1
    }
}

ruby_client()
{
    if [ "$(id -u)" != 0 ]; then
        skip "Ruby's akismet" "listening at port 443 takes root"
        return
    fi
    tls_start >tls.out 2>&1 || {
        check "TLS for Ruby's akismet" cat tls.out socat.err /nonexistent
        return
    }
    check "Ruby's akismet" speaks ruby "$(answers)
wrong check this key is no site's in the configuration" \
        named env SSL_CERT_FILE="$scratch/tls.crt" \
        ruby "$clients/client.rb" "$key" "$comments"
}

# What the store knows after all that: who was trapped, and what was said.
remembered()
{
    "$program" history --json --limit 0 >history.json || return 1
    same "$(jq -rs 'map(select(.reasons[0].feature == "trap")) | length' \
        history.json)" 1
}

# Held for a person, with people's word as a reason.
doubted()
{
    same "$(sql "SELECT verdict FROM decision WHERE excerpt LIKE 'I tried%'
        ORDER BY id DESC LIMIT 1")" hold
}

# Every client said that the honest comment is spam and the other is not:
# none of them is the site's own login, so all of it is feedback.
fed()
{
    same "$(sql "SELECT count(*), count(DISTINCT comment), min(decision) > 0
        FROM feedback WHERE source = 'akismet'")" "$1"
}

keyless()
{
    configure ""
    serve_start
    check "npm akismet, which sends no key" speaks npm-keyless "verify true
spam true
ham false
submit-spam done
submit-ham done
wrong key true" \
        node "$clients/npm_old.js" 127.0.0.1 "$port" "$key" 127.0.0.1
    serve_stop TERM
}

if ! check "the clients can be installed" "$clients/install.sh" "$installed"
then
    finish
    exit
fi
write_hosts >hosts
if ! named true 2>unshare.err; then
    skip "clients that look up hosts" "no mount namespace: $(cat unshare.err)"
    finish
    exit
fi
configure "$key"
serve_start
npm_clients
perl_client
ruby_client
serve_stop TERM
check "the trap is the reason" remembered
check "all that was said is remembered" fed "8|2|1"
check "what people called spam is not simply approved" doubted
keyless
finish
