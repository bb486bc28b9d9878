#!/bin/bash
#
# `sluice serve` as a site and those who look after it see it: webhooks good
# and bad, verdicts at once, several sites, reload, drain, a site that is down.
#
#     tests/e2e/serve.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"

old_secret=whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk

write_config()
{
    cat >sluice.conf <<CONF
store = sluice.db
listen = 127.0.0.1:$port
[serve]
rate_site = 20
slow = 2
[policy]
approve_below = 0.5
spam_at = 0.5
abuse_hold_at = 1
[site "blog"]
kind = wordpress
url = http://127.0.0.1:$site_port
user = bot
password = abcd
retries = 0
hook_secret = $old_secret
hook_secret = $secret
[site "judge-only"]
token = $token
spam_at = 0.5
CONF
    chmod 600 sluice.conf
}

# answers STATUS PART COMMAND...: hook.py's line has both.
answers()
{
    local status=$1 part=$2

    shift 2
    "$@" >said
    grep -qE "^[^ ]+ $status .*$part" said || {
        cat said
        return 1
    }
}

# curl_says STATUS PART ARGUMENT...
curl_says()
{
    local status=$1 part=$2
    local code

    shift 2
    code=$(curl -s -o said -w '%{http_code}' "$@")
    same "$code" "$status" && has said "$part"
}

url()
{
    echo "http://127.0.0.1:$port$1"
}

judge_as()
{
    curl -s -H "Authorization: Bearer $token" -H "Content-Type: $1" \
        --data-binary @- "$(url /v1/judge)"
}

told()
{
    same "$(grep -c "^$1 " site.log)" "$2"
}

same_count()
{
    same "$(sql "SELECT count(*) FROM decision WHERE site = 'judge-only'")" "$1"
}

same_state()
{
    same "$(sql "SELECT state FROM decision WHERE comment = '$1'")" "$2"
}

same_metric()
{
    same "$(metric "$1")" "$2"
}

at_least_metric()
{
    at_least "$(metric "$1")" "$2"
}

begin "$@"
serving_begin
write_config
site_start
serve_start

check "it is alive" curl_says 200 ok "$(url /healthz)"
check "a test event" answers 200 'sluice is here' \
    hook blog --type sluice.test
check "an event is taken" answers 202 '{"id":"evt_1"}' hook blog 1 --id evt_1
check "and told" soon told 1 1
check "sent again it is taken" answers 202 evt_1 hook blog 1 --id evt_1
check "another event of the same comment" answers 202 id hook blog 1
check "and one that is not held" answers 202 id \
    hook blog 2 --status approved
check "and one of a kind nobody knows" answers 202 id \
    hook blog 2 --type comment.starred
check "all are done" soon all_done
check "what was sent twice is one event" same \
    "$(sql "SELECT count(*) FROM event WHERE delivery = 'evt_1'")" 1
check "it was told once" told 1 1
check "a comment that is not held is left alone" told 2 0
check "the visitor's words are forgotten" same \
    "$(sql "SELECT count(*) FROM event WHERE body <> ''")" 0
check "an edit is judged again" answers 202 id hook blog 1 \
    --type comment.edited --text "Thank you for the article about gardens."
check "it is done" soon all_done
check "two verdicts on it" same \
    "$(sql "SELECT count(*) FROM decision WHERE comment = '1'")" 2
check "the site's comment had not been edited: nothing is told" told 1 1

# Two verdicts by people, one that is only our own echo.
check "a person decides" answers 202 id hook blog 1 \
    --type comment.decided --status approved \
    --data '{"old_status":"spam","by":"ann","source":"admin","wrong":true}'
check "we decided" answers 202 id hook blog 3
check "it is told" soon told 3 1
check "the echo comes" answers 202 id hook blog 3 \
    --type comment.decided --status spam --data '{"by":"bot","source":"rest"}'
check "all are done" soon all_done
check "the person's word is kept" same \
    "$(sql 'SELECT comment, label, source, by, wrong FROM feedback')" \
    '1|approve|admin|ann|1'

check "the older secret is still good" answers 202 id \
    "$here/hook.py" "$(url /v1/hooks/blog)" "$old_secret" 4
check "X-Hub-Signature-256" answers 202 id hook blog 5 --hub
check "the same body again" answers 202 id hook blog 5 --hub
check "X-Hub-Delivery" answers 202 id hook blog 5 --hub --id other

# What must not be taken, and what is said to it.
printf '{"type":"comment.created","data":' >cut.json
printf '{"type":"comment.created","data":{"comment":{"text":"x"}}}' >no_id.json
printf '{"type":"comment.created","data":{"comment":{"id":1,"text":"\xff\xfe' \
    >bytes.json
printf '"}}}' >>bytes.json
head -c 1100000 /dev/zero | tr '\0' 'x' >large.json
check "another's secret" answers 401 wrong_signature "$here/hook.py" \
    "$(url /v1/hooks/blog)" whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 6
check "another's secret, hub" answers 401 wrong_signature "$here/hook.py" \
    "$(url /v1/hooks/blog)" whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 6 --hub
check "a stale one" answers 401 stale hook blog 6 --age 301
check "one of the future" answers 401 stale hook blog 6 --age -301
check "a recent one" answers 202 id hook blog 6 --age 290
check "no signature" curl_says 401 no_signature -H 'Content-Type: application/json' \
    -d '{}' "$(url /v1/hooks/blog)"
check "an unknown site" answers 404 unknown_site hook none 6
check "a site without a secret" answers 401 no_secret hook judge-only 6
check "a form" answers 415 content_type hook blog 6 \
    --header 'Content-Type: application/x-www-form-urlencoded'
check "half of it" answers 400 bad_event hook blog 6 --raw cut.json
check "no id" answers 400 bad_event hook blog 6 --raw no_id.json
check "bytes that are no UTF-8" answers 202 id hook blog 6 --raw bytes.json
check "too large" answers 413 too_large hook blog 6 --raw large.json
check "chunks" curl_says 401 no_signature -H 'Transfer-Encoding: chunked' \
    -H 'Content-Type: application/json' -d '{}' "$(url /v1/hooks/blog)"
check "too large in chunks" curl_says 413 too_large \
    -H 'Transfer-Encoding: chunked' -H 'Content-Type: application/json' \
    --data-binary @large.json "$(url /v1/hooks/blog)"
check "another method" curl_says 405 method "$(url /v1/hooks/blog)"
check "refusals are counted" at_least \
    "$(metric 'sluice_refused_total{reason="wrong_signature"}')" 2

# Verdicts at once.
check "without a token" curl_says 401 token \
    -H 'Content-Type: application/json' -d '{"text":"x"}' "$(url /v1/judge)"
echo '{"id":"j1","text":"Cheap pills http://pills.example"}' >one.json
judge_as application/json <one.json >verdict
check "a verdict with reasons" same \
    "$(jq -r '.id + " " + .verdict + " " + (.reasons | length > 0 | tostring)' \
        <verdict)" "j1 spam true"
"$program" judge one.json --policy-spam-at 0.5 >in_batch
check "the same as in a batch" cmp verdict in_batch
printf '{"id":"j2","text":"hello"}\nnonsense\n{"id":"j3","text":"x"}\n' |
    judge_as application/x-ndjson >verdicts
check "several at once" same \
    "$(jq -r '.id // ("line " + (.line | tostring))' <verdicts | tr '\n' ' ')" \
    "j2 line 2 j3 "
check "they are on record" soon same_count 3
check "no comment" curl_says 400 bad_comment \
    -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d '[]' "$(url /v1/judge)"

# More than its share. Comments are ids of numbers only.
mapfile -t many < <(seq 100 259)
hook blog "${many[@]}" >burst
check "a site's burst is slowed down" has burst ' 429 .*rate_site'
check "all that was taken is done" soon all_done

# The site is down: verdicts wait for it.
touch site.log.down
sleep 2
check "an event while the site is down" answers 202 id hook blog 7
check "it is judged" soon same_state 7 pending
check "the site is left alone" soon \
    same_metric 'sluice_site_resting{site="blog"}' 1
check "what waits is counted" same \
    "$(metric 'sluice_outbox_depth{site="blog"}')" 1
rm site.log.down
check "it is told when the site is back" soon told 7 1
check "and on record" soon same_state 7 applied

# A new configuration, first a broken one, while events come in.
sed -i 's/^rate_site = .*/rate_site = 0/; s/^rate_address.*//' sluice.conf
echo 'nonsense = 1' >>sluice.conf
"$here/load.py" "$(url /v1/hooks/blog)" "$secret" 1000 100 sent --strict \
    --stop stop >load.err 2>&1 &
load_pid=$!
kill -HUP "$serve_pid"
check "a broken configuration is refused" soon has serve.err not_reloaded
sed -i '/^nonsense/d' sluice.conf
cat >>sluice.conf <<CONF
[site "third"]
token = ${token}3
hook_secret = $secret
CONF
kill -HUP "$serve_pid"
check "a good one is taken" soon has serve.err 'event=reloaded sites=3'
check "the new site is there" answers 202 id hook third 1
for ((i = 0; i < 3; i++)); do
    kill -HUP "$serve_pid"
    sleep 0.5
done
touch stop
wait "$load_pid"
check "no event was dropped" same "$(grep -c failed sent)" 0
check "and there were some" at_least "$(wc -l <sent)" 20

# A client that never ends its request does not keep the others out.
/usr/bin/python3 - "$port" <<'SLOW' &
import socket, sys, time
held = []
for i in range(100):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.sendall(b"POST /v1/hooks/blog HTTP/1.1\r\nHost: x\r\nX-A: ")
    held.append(s)
for i in range(60):
    for s in held:
        try:
            s.sendall(b"a")
        except OSError:
            pass
    time.sleep(0.1)
SLOW
slow_pid=$!
check "slow clients are closed" soon \
    at_least_metric 'sluice_refused_total{reason="slow"}' 100
check "others are served" answers 202 id hook blog 8
kill "$slow_pid" 2>/dev/null

# What came before the signal is answered.
rm -f stop sent
"$here/load.py" "$(url /v1/hooks/blog)" "$secret" 5000 100 sent \
    --stop stop >load.err 2>&1 &
load_pid=$!
sleep 1
serve_stop TERM
touch stop
serve_start
wait "$load_pid"
check "all is worked off" soon all_done
cut -d' ' -f 1 site.log | sort >told.all
check "each is told" same \
    "$(sort sent | comm -23 - told.all | wc -l)" 0
check "and once" same "$(uniq -d told.all | wc -l)" 0
serve_stop TERM

check "nothing of a comment in the log" same \
    "$(grep -ciE 'pills|203\.0\.113' serve.err)" 0
check "nor a secret" same "$(grep -cF "$secret" serve.err)" 0
finish
