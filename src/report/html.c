#include "report/html.h"

#include <md4c-html.h>
#include <string.h>

#include "base/assert.h"

void tz_html_text(tz_buf *out, tz_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&': tz_buf_puts(out, "&amp;"); break;
        case '<': tz_buf_puts(out, "&lt;"); break;
        case '>': tz_buf_puts(out, "&gt;"); break;
        case '"': tz_buf_puts(out, "&quot;"); break;
        case '\'': tz_buf_puts(out, "&#39;"); break;
        default: tz_buf_char(out, text.data[i]);
        }
    }
}

void tz_html_str(tz_buf *out, const char *text)
{
    tz_html_text(out, tz_text_of(text));
}

static void take_output(const MD_CHAR *text, MD_SIZE size, void *context)
{
    tz_buf_put(context, (tz_text){text, size});
}

void tz_html_markdown(tz_buf *out, tz_text markdown)
{
    int failed = md_html(markdown.data, (MD_SIZE)markdown.size, take_output, out, MD_FLAG_NOHTML | MD_FLAG_TABLES, 0);
    tz_assert(failed == 0); /* md4c fails only without memory */
}

const char TZ_HTML_STYLE[] =
    ":root{--paper:#fcfbf8;--ink:#1d2126;--faint:#5d6670;--rule:#dcd8ce;--accent:#1f5c57;--red:#b3261e;--orange:#b85c00;"
    "--yellow:#8a6d00;--tint:#f3f0e8}"
    "@media(prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e6e3dc;--faint:#a2a9b1;--rule:#34383d;--accent:#7fc4bc;"
    "--red:#f2877f;--orange:#eda35c;--yellow:#d8bd5a;--tint:#1e2125}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:60rem;padding:24px 16px 64px;background:var(--paper);color:var(--ink);"
    "font:15px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif}"
    "h1{font-size:24px;line-height:1.3;margin:0 0 4px}h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid var(--rule);padding-bottom:4px}"
    "h3{font-size:15px;margin:16px 0 4px}p{margin:8px 0}.faint{color:var(--faint)}"
    "a{color:var(--accent);text-underline-offset:2px}a:focus,summary:focus{outline:2px solid var(--accent);outline-offset:2px}"
    "a.figure{font-variant-numeric:tabular-nums;text-decoration:underline dotted}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:14px;width:100%;margin:8px 0}"
    "th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--rule);vertical-align:top}"
    "th{font-weight:600;color:var(--faint);white-space:nowrap}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".level{white-space:nowrap}.red{color:var(--red)}.orange{color:var(--orange)}.yellow{color:var(--yellow)}"
    "details{border:1px solid var(--rule);border-radius:3px;margin:8px 0;padding:4px 12px}"
    "summary{cursor:pointer;padding:4px 0}details:target{border-color:var(--accent)}"
    "summary .value{float:right;font-variant-numeric:tabular-nums;font-weight:600}"
    "pre{background:var(--tint);padding:8px;overflow-x:auto;font-size:13px;line-height:1.45}"
    "footer{margin-top:40px;border-top:1px solid var(--rule);padding-top:8px;font-size:13px;color:var(--faint);overflow-wrap:anywhere}"
    "@media print{body{max-width:none;padding:0;background:#fff;color:#000}details{break-inside:avoid}}";
