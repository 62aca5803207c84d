import { describe, expect, test } from "vitest";
import { templatePeer, templatePeers } from "../test/template-peers.ts";
import { compileTemplate } from "./render/template.ts";

const render = (source: string, peers = templatePeers(3), maxBytes = 1e6) =>
  compileTemplate("peers", source).render(peers, maxBytes);
const text = (source: string, peers = templatePeers(3)) => {
  const result = render(source, peers);
  return "text" in result ? result.text : result.problem;
};

test("a template has a key, and makes a document of the peers in their order", () => {
  const template = compileTemplate("haproxy.cfg", "{% for p in peers %}server {{ p.name }} {{ p.ip }}\n{% endfor %}");
  expect(template.key).toBe("haproxy.cfg");
  expect(template.render(templatePeers(2), 1e6)).toMatchObject({
    text: "server web-0 10.0.0.0\nserver web-1 10.0.0.1\n",
  });
  expect(template.render([], 1e6)).toMatchObject({ text: "" });
});

describe("what templates write", () => {
  test.each<[string, string, string]>([
    ["an item", "{{ peers[0].name }} {{ peers.last['name'] }}", "web-0 web-2"],
    ["an entry of a map", "{{ peers[1].labels.zone }}{{ peers[1]['labels']['zone'] }}", "z1z1"],
    [
      "numbers",
      "{{ peers[0].cpu | plus: 1 }} {{ 7 | divided_by: 2 }} {{ 7 | modulo: 4 }} {{ '3' | times: '2' }}",
      "251 3.5 3 6",
    ],
    [
      "maps and lists as JSON",
      "{{ peers[0].labels }} {{ peers[0].ips }}",
      '{"app":"web","zone":"z0"} ["10.0.0.0","fd00::1"]',
    ],
    [
      "nothing for what isn't there",
      "[{{ peers[0].gone }}{{ peers[9].name }}{{ nobody.name }}{{ peers[0].labels.x }}]",
      "[]",
    ],
    ["a default for it", "{{ peers[0].gone | default: 'none' }}{{ '' | default: 'empty' }}", "noneempty"],
    ["without blanks that are not wanted", "a  {%- if true -%}  b  {%- endif -%}  c", "abc"],
    [
      "what is raw",
      "{% raw %}{{ x }}{% endraw %}{% comment %}{{ y }}{% endcomment %}{% # note %}{% echo 'e' %}",
      "{{ x }}e",
    ],
    ["texts that aren't well-formed as they are stored", "{{ peers[0].name | append: '\\ud800' }}", "web-0\ufffd"],
  ])("%s", (_, source, expected) => {
    expect(text(source)).toBe(expected);
  });
});

describe("a template decides and repeats", () => {
  test.each<[string, string, string]>([
    [
      "by what holds",
      "{% if peers[0].ip contains ':' %}6{% elsif peers[0].cpu >= 250 and true %}4{% else %}0{% endif %}",
      "4",
    ],
    ["by what doesn't", "{% unless peers.size > 2 %}few{% else %}many{% endunless %}", "many"],
    ["what an empty text is", "{% if '' == empty %}e{% endif %}{% if '' %}t{% endif %}{% if gone %}g{% endif %}", "et"],
    ["for each entry of a map", "{% for e in peers[0].labels %}{{ e[0] }}={{ e[1] }};{% endfor %}", "app=web;zone=z0;"],
    [
      "for numbers",
      "{% for i in (1..3) %}{{ i }}{% endfor %}{% for i in (2..1) %}x{% endfor %}{% for i in (a..3) %}x{% endfor %}",
      "123",
    ],
    ["for some of a list", "{% for i in (1..9) limit: 3 offset: 2 reversed %}{{ i }}{% endfor %}", "543"],
    [
      "knowing where it is",
      "{% for p in peers %}{{ forloop.index }}{% unless forloop.last %},{% endunless %}{% endfor %}",
      "1,2,3",
    ],
    ["for none", "{% for p in gone %}x{% else %}none{% endfor %}", "none"],
    [
      "until it breaks",
      "{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
      "13",
    ],
    [
      "what it has named",
      "{% assign n = peers | size %}{% capture c %}n is {{ n }}{% endcapture %}{{ c | upcase }}",
      "N IS 3",
    ],
  ])("%s", (_, source, expected) => {
    expect(text(source)).toBe(expected);
  });
});

describe("a list is", () => {
  const peers = [
    templatePeer({ "my.name": "b", cpu: 10, zone: "x", on: "" }),
    templatePeer({ "my.name": "a", cpu: 9, zone: "y" }),
    templatePeer({ "my.name": "c", zone: "x", on: false }),
  ];
  test.each<[string, string, string]>([
    ["mapped by a whole name and joined", "{{ peers | map: 'my.name' | join: ',' }}", "b,a,c"],
    ["joined by a blank", "{{ peers | map: 'zone' | join }}", "x y x"],
    [
      "sorted, texts by their bytes",
      "{{ peers | map: 'my.name' | sort | join }} {{ peers | sort: 'my.name' | map: 'my.name' | join }}",
      "a b c a b c",
    ],
    [
      "sorted, numbers by their size and what has none last",
      "{{ peers | sort: 'cpu' | map: 'my.name' | join }}",
      "a b c",
    ],
    ["unique", "{{ peers | map: 'zone' | uniq | join }}", "x y"],
    ["chosen by a value", "{{ peers | where: 'zone', 'x' | map: 'my.name' | join }}", "b c"],
    [
      "chosen by a number, which is no text",
      "{{ peers | where: 'cpu', 9 | size }}{{ peers | where: 'cpu', '9' | size }}",
      "10",
    ],
    ["chosen by there being one", "{{ peers | where: 'cpu' | size }}{{ peers | where: 'on' | size }}", "21"],
    ["chosen by the contrary", "{{ peers | reject: 'zone', 'x' | map: 'my.name' | join }}", "a"],
    ["without what is nothing", "{{ peers | map: 'cpu' | compact | join }}", "10 9"],
    ["summed up", "{{ peers | sum: 'cpu' }} {{ 'a 2 3' | split: ' ' | sum }}", "19 5"],
    ["reversed and put together", "{{ peers | map: 'zone' | reverse | concat: peers | size }}", "6"],
    [
      "asked for its ends and its size",
      "{{ 'a,b,c' | split: ',' | first }}{{ 'a,b,c' | split: ',' | last }}{{ peers | size }}{{ 'abcd' | size }}",
      "ac34",
    ],
  ])("%s", (_, source, expected) => {
    expect(text(source, peers)).toBe(expected);
  });

  test.each(["sort: 'my.name'", "reverse", "concat: peers", "compact", "uniq", "map: 'zone'", "where: 'zone', 'x'"])(
    "never changed by %s",
    (filter) => {
      const before = JSON.stringify(peers);
      expect(text(`{% assign x = peers | ${filter} %}`, peers)).toBe("");
      expect(JSON.stringify(peers)).toBe(before);
    },
  );
});

describe("a value is quoted", () => {
  const peers = [templatePeer({ note: `it's "1"\n`, labels: { app: "web" }, ips: ["fd00::1"], cpu: 250 })];
  test.each([
    ["for a shell", "{{ peers[0].note | sh }}", `'it'\\''s "1"\n'`],
    ["as JSON", "{{ peers[0].note | json }}", '"it\'s \\"1\\"\\n"'],
    ["as YAML", "{{ peers[0].note | yaml }}", '"it\'s \\"1\\"\\n"'],
    ["for HAProxy", "{{ peers[0].note | haproxy }}", `'it'\\''s "1" '`],
    [
      "as what it is in JSON and YAML",
      "{{ peers[0].ips | json }}{{ peers[0].labels | yaml }}{{ peers[0].cpu | json }}{{ gone | json }}",
      '["fd00::1"]{"app":"web"}250null',
    ],
    [
      "as text in the others, a map as JSON",
      "{{ peers[0].labels | sh }}{{ peers[0].cpu | haproxy }}{{ gone | sh }}",
      `'{"app":"web"}''250'''`,
    ],
    ["not at all where no filter does it", "{{ peers[0].note }}", `it's "1"\n`],
  ])("%s", (_, source, expected) => {
    expect(text(source, peers)).toBe(expected);
  });
});

describe("what is wrong with a template is told with its place and the line, from each rendering:", () => {
  test.each([
    ["an unknown tag", "a\n  {% foo %} b", 'line 2, column 3: tag "foo" not found, in {% foo %} b'],
    ["an unknown filter", "{{ x | nope }}", "line 1, column 1: undefined filter: nope, in {{ x | nope }}"],
    ["a tag without its end", "{% if x %}\na", "line 1, column 1: tag {% if x %} not closed, in {% if x %}"],
    ["an output without its end", "a\n\n{{ x", 'line 3, column 1: output "{{ x" not closed, in {{ x'],
    ["no expression", "{% if %}{% endif %}", 'line 1, column 6: invalid value expression: "", in {% if %}{% endif %}'],
    [
      "an unknown modifier",
      "{% for p in peers by: 2 %}{% endfor %}",
      "line 1, column 1: for has offset, limit and reversed, and no by, in {% for p in peers by: 2 %}{% endfor %}",
    ],
    [
      "a filter that lacks an argument",
      "{{ 'a' | append }}",
      "line 1, column 1: append expect 2 arguments, in {{ 'a' | append }}",
    ],
  ])("%s", (_, source, message) => {
    const template = compileTemplate("peers", source);
    const problem = { reason: "TemplateError", message };
    expect(template.render(templatePeers(1), 1e6)).toMatchObject({ problem });
    expect(template.render(templatePeers(2), 1e6)).toMatchObject({ problem });
  });

  test("of a long line what is at that place, and not too much of it", () => {
    const result = text(`${"x".repeat(200)}{% foo ${"y".repeat(200)} %}`);
    expect(result).toMatchObject({
      message: expect.stringMatching(/^line 1, column 201: .{1,80}, in {% foo y{73}…$/) as string,
    });
    const long = text(`{% for ${"y".repeat(1000)} %}`);
    expect((long as { message: string }).message.length).toBeLessThan(320);
  });

  test("a value that a filter or a comparison can't take, without the value", () => {
    const peers = [templatePeer({ note: "secret%", labels: {} })];
    for (const source of ["{{ peers[0].note | url_decode }}", "{% if peers[0] < 1 %}{% endif %}"]) {
      const message = `line 1, column 1: it can't take this value, in ${source}`;
      expect(text(source, peers)).toEqual({ reason: "TemplateError", message });
    }
  });
});

describe("a document", () => {
  test.each([
    ["as large as there is room for is made", 4, { text: "äbc" }],
    [
      "a byte larger is not",
      3,
      { problem: { reason: "TemplateTooLarge", message: "it is larger than the 3 bytes that there is room for" } },
    ],
  ])("%s, in bytes of UTF-8", (_, room, expected) => {
    expect(render("äb{{ 'c' }}", [], room)).toMatchObject(expected);
  });

  test("that is too large isn't made to its end", () => {
    expect(render("{% for i in (1..100000) %}0123456789{% endfor %}{{ 'a' | append }}", [], 1000)).toMatchObject({
      problem: { reason: "TemplateTooLarge" },
    });
  });

  test("is the same whatever was rendered before", () => {
    const template = compileTemplate(
      "peers",
      "{% assign n = n | plus: 1 %}{{ n }}{% for p in peers %}{{ p.name }}{% endfor %}",
    );
    const first = template.render(templatePeers(2), 1e6);
    template.render(templatePeers(3), 3);
    expect(template.render(templatePeers(2), 1e6)).toEqual(first);
  });
});
