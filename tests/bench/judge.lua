-- One comment to be judged at once, for wrk.
local body = '{"text":"Well said. The council has been promising a new bridge '
    .. 'for years now, and all we got is another study. I walked past the '
    .. 'site on Sunday with my daughter and there is not a single worker to '
    .. 'be seen; the fence has fallen over and nobody cares. If they want our '
    .. 'votes next spring they should come and look.","author":"Michael '
    .. 'Tarrant","post_title":"Bridge delayed again"}'

wrk.method = "POST"
wrk.body = body
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer 0123456789abcdef0123"
