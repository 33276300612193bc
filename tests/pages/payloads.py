"""Forty texts that run where a page takes what somebody typed for its own words."""

PAYLOADS: tuple[str, ...] = (
    "<script>window.harm = 1</script>",
    '"><img src=x onerror="window.harm = 1">',
    "'><svg onload=window.harm=1>",
    "javascript:window.harm=1",
    "{{ 7 * 7 }}",
    "{% raw %}{{ 7 * 7 }}",
    "${7 * 7}",
    "#{7 * 7}",
    "</title><script>window.harm = 1</script>",
    "</textarea><script>window.harm = 1</script>",
    "</style><script>window.harm = 1</script>",
    "--><script>window.harm = 1</script>",
    "]]><script>window.harm = 1</script>",
    "<a href='javascript:window.harm=1'>x</a>",
    '<a href="data:text/html,<script>window.harm=1</script>">x</a>',
    '" autofocus onfocus="window.harm=1',
    "' autofocus onfocus='window.harm=1",
    '" onmouseover="window.harm=1" x="',
    "<iframe src=javascript:window.harm=1></iframe>",
    '<iframe srcdoc="<script>parent.harm=1</script>"></iframe>',
    "<object data=javascript:window.harm=1></object>",
    "<embed src=javascript:window.harm=1>",
    "<body onload=window.harm=1>",
    "<input autofocus onfocus=window.harm=1>",
    "<details open ontoggle=window.harm=1>",
    "<video><source onerror=window.harm=1></video>",
    "<audio src=x onerror=window.harm=1>",
    "<marquee onstart=window.harm=1>",
    "<math><mtext><script>window.harm=1</script></mtext></math>",
    "<form action=javascript:window.harm=1><button>x</button></form>",
    "<base href=//example.org/>",
    "<meta http-equiv=refresh content='0;url=javascript:window.harm=1'>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<style>@import '//example.org/x.css'</style>",
    "<template><script>window.harm=1</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=window.harm=1>">',
    "<scr<script>ipt>window.harm=1</scr</script>ipt>",
    "<IMG SRC=x ONERROR=window.harm=1>",
    "\u003cscript\u003ewindow.harm=1\u003c/script\u003e",
    "<div hx-get=/sign-out hx-trigger=load>x</div>",
)
MARKS = "script:not([src]), img, svg, iframe, object, embed, video, audio, marquee, math, base, style, template, details, [hx-trigger=load]"
"""What would be there of them, if one had become part of a page."""
HANDLERS = "[onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onstart], a[href^='javascript'], a[href^='data']"


def harmed(page: object) -> list[str]:
    """What of the texts became part of this page, or ran."""
    found: list[str] = page.evaluate(  # type: ignore[attr-defined]  # a Playwright page
        """([marks, handlers]) => [
            ...[...document.querySelectorAll(`main :is(${marks}), ${handlers}`)].map(each => each.outerHTML.slice(0, 80)),
            ...(window.harm === undefined ? [] : ["it ran"]),
        ]""",
        [MARKS, HANDLERS],
    )
    return found
