/// The page's one style sheet: light, for screen and paper.
enum ReportStyle {
  static let sheet: StaticString = """

    :root { color-scheme: light; --ink: #1b2430; --soft: #55606e; --line: #d5dbe3;
      --paper: #fff; --wash: #f5f7fa; --good: #0b5d3b; --bad: #9b1c1c; --wait: #6a4a00;
      --gap: #4a5361; --note: #7a3b00; --link: #0b4a8f; }
    * { box-sizing: border-box; }
    html { font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial,
      sans-serif; color: var(--ink); background: var(--wash); }
    body { max-width: 64rem; margin: 0 auto; padding: 1.5rem; background: var(--paper); }
    h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .5rem; padding-top: 1.75rem;
      border-top: 2px solid var(--ink); }
    h3 { font-size: 1.05rem; margin: 1.25rem 0 .35rem; overflow-wrap: anywhere; }
    h4 { font-size: 1rem; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
    p { margin: .35rem 0 .6rem; overflow-wrap: anywhere; }
    section { margin-top: 2rem; }
    li { overflow-wrap: anywhere; }
    a { color: var(--link); }
    a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
      monospace; font-size: .82em; overflow-wrap: anywhere; }
    pre { white-space: pre-wrap; background: var(--wash); padding: .6rem; margin: .3rem 0; }
    .kicker, .lead, .small, footer, caption, dt { color: var(--soft); }
    .kicker { margin: 0 0 .25rem; }
    .small, footer { font-size: .87rem; }
    .lead { margin-top: 0; max-width: 46rem; }
    .scope { font-size: .87rem; color: var(--soft); margin: .75rem 0 0; }
    .badge { font-weight: 600; }
    .good { color: var(--good); } .bad { color: var(--bad); } .wait { color: var(--wait); }
    .gap { color: var(--gap); } .note { color: var(--note); }
    .verdict { border: 1px solid var(--line); border-left: .5rem solid currentColor;
      padding: .6rem .9rem; margin: .5rem 0; }
    .verdict.bad { border-left-style: double; } .verdict.wait { border-left-style: dashed; }
    .verdict p, .verdict ul { color: var(--ink); margin: 0; }
    .verdict ul { margin-top: .4rem; padding-left: 2.6rem; }
    .verdict .shape { display: inline-block; width: 1.6rem; font-weight: 700; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
      gap: .5rem; margin: .9rem 0 0; }
    .figures > div { border: 1px solid var(--line); padding: .55rem .75rem; }
    .figures dt { font-size: .82rem; } .figures dd { margin: 0; }
    .figures strong { display: block; font-size: 1.12rem; line-height: 1.3; }
    .figures dd > span { font-size: .82rem; color: var(--soft); }
    .concerns { padding-left: 2.2rem; } .concerns li { margin: .3rem 0; }
    .concerns .badge { font-weight: 400; color: var(--ink); }
    .concerns .badge > span { font-weight: 700; }
    .bad > span[aria-hidden] { color: var(--bad); } .note > span[aria-hidden] { color: var(--note); }
    .wait > span[aria-hidden] { color: var(--wait); } .gap > span[aria-hidden] { color: var(--gap); }
    .chain { list-style: none; padding: 0; margin: 1rem 0 0; }
    .chain li { position: relative; padding: 0 0 1rem 2rem; border-left: 2px solid var(--line);
      margin-left: .5rem; }
    .chain li:last-child { border-left-color: transparent; }
    .chain li::before { content: ""; position: absolute; left: -.47rem; top: .3rem; width: .8rem;
      height: .8rem; border: 2px solid var(--ink); border-radius: 50%; background: var(--paper); }
    .chain h3 { margin: 0; } .chain p { margin: .15rem 0 0; font-size: .92rem; }
    .control, .entry { border: 1px solid var(--line); padding: .6rem .9rem; margin: .6rem 0; }
    .control h4, .entry h3 { margin: 0; } .control p, .entry p { margin: .15rem 0; }
    .entry:target { outline: 3px solid var(--link); }
    .citation { font-weight: 700; }
    .checks { margin: .35rem 0 0; padding-left: 1.1rem; } .checks > li { margin: .3rem 0; }
    .evidence { list-style: none; padding-left: 1rem; font-size: .87rem; color: var(--soft); }
    .fix { border-left: 3px solid var(--note); padding-left: .6rem; }
    table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; font-size: .9rem; }
    caption { text-align: left; font-size: .87rem; padding-bottom: .25rem; }
    th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0;
      border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
    td > code { overflow-wrap: anywhere; }
    th { border-bottom: 2px solid var(--ink); font-weight: 600; overflow-wrap: normal; }
    td { font-variant-numeric: tabular-nums; }
    table.totals { width: auto; } table.totals th, table.totals td { padding-right: 2rem; }
    .example { border: 2px solid var(--note); color: var(--note); padding: 0 .4rem; }
    .events { font-size: .9rem; padding-left: 1.5rem; }
    .position { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
    .position dd { margin: 0; overflow-wrap: anywhere; }
    summary { cursor: pointer; font-size: .87rem; }
    footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; }
    @media (max-width: 40rem) { body { padding: 1rem; } }
    @media screen { table { display: block; overflow-x: auto; } }
    @page { margin: 16mm 14mm; }
    @media print {
      html { font-size: 10pt; background: none; }
      body { max-width: none; padding: 0; }
      h2, h3, h4 { break-after: avoid; }
      .control, .entry, .verdict, .chain li, tr { break-inside: avoid; }
      .figures { grid-template-columns: repeat(3, 1fr); }
      thead { display: table-header-group; }
      a { color: inherit; text-decoration: none; }
      table { display: table; }
      details::details-content { content-visibility: visible; display: block; }
      details > pre { display: block; }
      #ledger { break-before: page; }
    }

    """
}
