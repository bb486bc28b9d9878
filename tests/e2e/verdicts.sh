#!/bin/bash
#
# What the built-in model makes of comments that were written to be judged:
# no honest one may be lost, whatever its tone or script.
#
#     tests/e2e/verdicts.sh PROGRAM SCRATCH_DIR
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"

tests=$here/../data
sample=$here/../../src/site/sample_queue.ndjson

# Of 105 disguised comments, so many do not get away with it: the probability
# of what they are is not 0.1 lower than the plain one's. It may be higher, as
# a disguise is evidence.
caught_min=100

# labelled LABEL VERDICT: ids of the sample's comments so labelled and judged.
labelled()
{
    jq -r --arg is "$1" --arg verdict "$2" -n \
        --slurpfile labels "$tests/sample_labels.ndjson" \
        '($labels | map({(.id): .label}) | add) as $of
         | inputs | select(.verdict == $verdict and $of[.id] == $is)
         | .id' verdicts | tr '\n' ' '
}

sample()
{
    check "the sample is judged" sluice 0 judge "$sample"
    mv out verdicts
    check "no honest comment is marked" same "$(labelled ham spam)" ""
    check "no spam is approved" same "$(labelled spam approve)" ""
    check "abuse is not taken for spam" same "$(labelled abuse spam)" ""
    check "most honest ones are approved" \
        at_least "$(labelled ham approve | wc -w)" 25
    check "most spam is marked" at_least "$(labelled spam spam | wc -w)" 20
    check "most abuse is held" at_least "$(labelled abuse hold | wc -w)" 8
}

scripts()
{
    check "honest words in many scripts" sluice 0 judge \
        "$tests/honest_scripts.ndjson"
    check "none is marked" same "$(jq -r 'select(.verdict == "spam").id' out)" \
        ""
    check "most of those whose language was taught are approved" at_least \
        "$(jq -r 'select(.verdict == "approve").id' out | wc -l)" 58
    check "hardly one of them is strange" at_most \
        "$(strange "$tests/honest_scripts.ndjson" '["he","th","ka","hy","fi","sw"]')" 2
}

# strange FILE UNTAUGHT: how many in other languages are held as strange.
strange()
{
    jq -r -n --slurpfile rows "$1" --argjson untaught "$2" '
        ($rows | map({(.id): .lang}) | add) as $lang
        | inputs
        | select(.reasons[0].feature == "unknown_language")
        | select($lang[.id] as $l | $untaught | index($l) | not).id' out |
        wc -l
}

# Scripts the model never met, or hardly: a person looks at them, and reads
# why.
strangers()
{
    check "languages nobody taught" sluice 0 judge \
        "$tests/unknown_languages.ndjson"
    check "all are held" same "$(jq -r .verdict out | sort -u)" hold
    check "each says why" same \
        "$(jq -r '.reasons[0].feature' out | sort -u)" unknown_language
    check "English is known" sluice 0 judge "$sample"
    check "and hardly any of the sample is strange" at_most \
        "$(jq -r 'select(.reasons[0].feature == "unknown_language").id' out |
            wc -l)" 1
}

# Abuse that is held says of what kind it is.
kinds()
{
    printf '%s\n' \
        '{"id": "t", "text": "I will find you and kill you, you are dead"}' \
        '{"id": "o", "text": "fuck this shit, you fucking dick"}' \
        '{"id": "i", "text": "you are a stupid idiot and a pathetic moron"}' \
        >kinds.ndjson
    check "abuse of some kinds" sluice 0 judge kinds.ndjson
    check "is held" same "$(jq -r .verdict out | sort -u)" hold
    check "a threat is called one" has out \
        '"id":"t".*"feature":"abuse_threat"'
    check "obscenity is" has out '"id":"o".*"feature":"abuse_obscene"'
    check "an insult is" has out '"id":"i".*"feature":"abuse_insult"'
}

# The probability of what each comment is, beside that of the plain one.
disguises()
{
    check "disguised comments" sluice 0 judge "$tests/obfuscated.ndjson"
    jq -s -r --slurpfile rows "$tests/obfuscated.ndjson" '
        (map({(.id): .}) | add) as $by
        | $rows
        | map(. + {p: (if .label == "spam" then $by[.id].p_spam
                       else $by[.id].p_abuse end)})
        | (map(select(.kind == "plain") | {(.group): .p}) | add) as $plain
        | map(select(.kind != "plain" and $plain[.group])
              | select(.p - $plain[.group] > -0.1))
        | length' out >caught
    check "a disguise does not help" at_least "$(cat caught)" "$caught_min"
}

seed()
{
    local file

    file=$(find "$data/../seed" -name '*.txt' 2>/dev/null | head -n 1)
    if [ -z "$file" ]; then
        skip "the seed" "no directory seed beside the labelled comments"
        return
    fi
    python3 - "$file" >seed.ndjson <<'EOF'
import json
import sys

text = open(sys.argv[1], encoding="utf-8").read()
article = text[: text.index("Avatar photo")].strip()
comment = text[text.index("days ago") + len("days ago"):].strip()
print(json.dumps({"id": "comment", "text": comment,
                  "author": "Michael Hannah", "post_text": article}))
print(json.dumps({"id": "article", "text": article}))
EOF
    check "a reader's comment and its article" sluice 0 judge seed.ndjson
    check "both are approved" same "$(jq -r .verdict out | sort -u)" approve
}

begin "$@"
sample
scripts
strangers
kinds
disguises
seed
finish
