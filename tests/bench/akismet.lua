-- comment-check as WordPress's plugin sends it, each a comment of its own,
-- for wrk. SLUICE_BENCH_RATE slows it down, as in hooks.lua.
local threads = 0

function setup(thread)
    thread:set("thread_id", threads)
    threads = threads + 1
end

local count = 0
local head = "api_key=k3y0fthe8log&blog=http%3A%2F%2Fblog.example&blog_lang=en"
    .. "&blog_charset=UTF-8&user_ip=203.0.113.9&user_agent=Mozilla%2F5.0+"
    .. "%28X11%3B+Linux+x86_64%29&referrer=http%3A%2F%2Fblog.example%2Fbridge"
    .. "&permalink=http%3A%2F%2Fblog.example%2Fbridge&comment_type=comment"
    .. "&comment_author=Michael+Tarrant&comment_author_email=m%40example.org"
    .. "&akismet_comment_nonce=failed&comment_post_ID=7"
    .. "&HTTP_ACCEPT=text%2Fhtml&HTTP_ACCEPT_LANGUAGE=en&REMOTE_ADDR=203.0.113.9"
    .. "&REQUEST_URI=%2Fwp-comments-post.php&POST_author=Michael+Tarrant"
    .. "&POST_ak_js=1790000000000&POST_ak_bfs=1790000054321"
local text = "&comment_content=Well+said.+The+council+has+been+promising+a+new"
    .. "+bridge+for+%d+years+now%%2C+and+all+we+got+is+another+study.+I+walked"
    .. "+past+the+site+on+Sunday+with+my+daughter+and+there+is+not+a+single"
    .. "+worker+to+be+seen%%3B+the+fence+has+fallen+over+and+nobody+cares.+If"
    .. "+they+want+our+votes+next+spring+they+should+come+and+look."

function request()
    count = count + 1
    return wrk.format("POST", "/1.1/comment-check", {
        ["Host"] = "localhost",
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["User-Agent"] = "WordPress/6.1.9 | Akismet/5.0.2",
    }, head .. string.format(text, (thread_id + 1) * 100000000 + count))
end

local rate = tonumber(os.getenv("SLUICE_BENCH_RATE") or "0")
local connections = tonumber(os.getenv("SLUICE_BENCH_CONNECTIONS") or "1")

if rate > 0 then
    function delay()
        return math.random() * 2 * connections * 1000 / rate
    end
end
