"""How the page of the ontology looks: by day and by night, and on paper."""

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark}
:root{--ink:#1c2430;--paper:#fff;--line:#c5ccd6;--soft:#f2f5f9;--link:#0b5394}
@media (prefers-color-scheme:dark){
:root{--ink:#e4e9f0;--paper:#12161c;--line:#465060;--soft:#1c232d;--link:#8ab8f0}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
max-width:70rem;margin:0 auto;padding:1rem}
a{color:var(--link)}
h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
h3{margin:0}
h3 code{font-weight:400;font-size:.85em;margin-left:.5em}
nav{position:sticky;top:0;background:var(--paper);padding:.5rem 0;border-bottom:1px solid var(--line)}
nav a{margin-right:1rem}
article{border-top:1px solid var(--line);padding:1rem 0;scroll-margin-top:3rem}
article:target{background:var(--soft)}
article p{margin:.3rem 0}
dl{display:grid;grid-template-columns:11rem 1fr;gap:.15rem 1rem;margin:.3rem 0}
dt{color:var(--ink);opacity:.75}
dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line)}
td{scroll-margin-top:3rem}
.index a{display:inline-block;margin-right:.7rem}
.wide{overflow-x:auto}
.diagram text{font:12.5px system-ui,sans-serif;fill:var(--ink)}
.diagram rect{fill:var(--soft);stroke:var(--line)}
.diagram a:hover rect,.diagram a:focus rect{stroke:var(--link);stroke-width:2}
.diagram path{fill:none;stroke:var(--line)}
.diagram .defined{stroke-dasharray:4 3}
@media (max-width:40rem){dl{grid-template-columns:1fr}}
@media print{nav{position:static}}
"""
