#!/usr/bin/python3
"""Rows that are easily damaged or misread on the way, for wordpress/load.php.

    make_rows.py [NR]     those, then plain ones, NR in all

Most are as wpDiscuz stores them (editor HTML with classes, lists, code,
shortcodes, stickies): WordPress's own filters would rewrite each of these.
"""

import json
import sys

EDITOR = (
    '<p>Hello, <strong>friends</strong></p><p>second paragraph &amp; more</p>'
    '<ul><li class="ql-indent-1">a list</li></ul><pre class="ql-syntax" '
    'spellcheck="false">if (a < b && c) {\n\treturn "x\\\\n";\n}\n</pre>'
    '<p><a href="https://garden.example/tips" target="_blank" '
    'rel="ugc noopener">tips</a></p>'
)

ODD = [
    {"author": "Ed", "text": EDITOR},
    {"author": "Spo", "text": '<p>[spoiler title="The end"]He did it.'
                              '[/spoiler]</p><p>[gallery ids="1,2"]</p>'},
    {"author": "Sticky", "type": "wpdiscuz_sticky",
     "text": '<p><span style="color: red">Read this first</span></p>'},
    {"author": "Rev", "type": "review", "text": "Four stars, fits well."},
    {"author": "Ping", "type": "pingback", "author_url": "https://a.example/p",
     "text": "[&#8230;] as one could read here [&#8230;]"},
    {"author": "O\u2019Brien \"the\" D'Arcy \\ co", "text":
     "It's \"quoted\" \\ and \\' back\\\\slashed % 100%s %d"},
    {"author": "\u0141ukasz \U0001f600", "text":
     "\U0001f469\u200d\U0001f469\u200d\U0001f467 \u0439\u0438 \u05e9\u05dc\u05d5"
     "\u05dd e\u0301 \ufb01 \u202eabc\u202c \U00010348"},
    {"author": "", "text": "no name at all"},
    {"author": "no text at all", "text": ""},
    {"author": "Ctl", "text": "a\u0001b\u007f c\u00a0d\ufeff\tx\r\ny \ufffd"},
    {"author": "Ent", "text": "&lt;b&gt; &amp;amp; &#38; &nbsp;<br />x<br>"},
    {"author": "Long", "text": "<p>" + "word \u00e9 " * 7000 + "</p>"},
    {"author": "Six", "author_ip": "2001:db8::1", "text": "<b>six</b>",
     "author_email": "six+tag@example.org",
     "author_url": "http://six.example/?a=1&b=2"},
    {"author": "Noip", "author_ip": "", "user_agent": "", "text": "no ip"},
]


def main():
    nr = int(sys.argv[1]) if len(sys.argv) > 1 else len(ODD)
    for i in range(nr):
        row = dict(ODD[i]) if i < len(ODD) else {
            "author": f"Reader {i}",
            "text": f"<p>Comment {i}, it's about the {i % 7}th bed.</p>",
        }
        row["id"] = str(i)
        row["post_title"] = f"Post {i % 5}"
        row["post_text"] = '<p>About beds &amp; <b>borders</b>[gallery ids="1"].</p>'
        row["post_date"] = "2024-03-01T10:00:00Z"
        row.setdefault("author_email", "reader@example.com")
        print(json.dumps(row))


main()
