def to_html(): return ''
