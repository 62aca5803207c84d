import { filters as liquidFilters, tags as liquidTags } from "liquidjs";
import { describe, expect, test } from "vitest";
import { templatePeer, templatePeers } from "../test/template-peers.ts";
import { compileTemplate } from "./render/template.ts";

const render = (source: string, peers = templatePeers(10), maxBytes = 1e6) =>
  compileTemplate("peers", source).render(peers, maxBytes);
const reason = (source: string, peers = templatePeers(10), maxBytes = 1e6) => {
  const result = render(source, peers, maxBytes);
  return "problem" in result ? result.problem.reason : undefined;
};

/** Of all that this version of liquidjs has. One that a later version adds is in neither list, and wants a decision. */
const allowed = {
  tags: "# assign break capture comment continue echo for if raw unless",
  filters:
    "abs append at_least at_most capitalize ceil compact concat default divided_by downcase escape first floor join json last lstrip " +
    "map minus modulo normalize_whitespace plus prepend reject remove remove_first remove_last replace replace_first replace_last " +
    "reverse round rstrip size slice sort split strip strip_newlines sum times truncate truncatewords uniq upcase url_decode " +
    "url_encode where",
};
const refused = {
  tags: "block case cycle decrement include increment layout liquid render tablerow",
  filters:
    "array_to_sentence_string base64_decode base64_encode cgi_escape date date_to_long_string date_to_rfc822 date_to_string " +
    "date_to_xmlschema escape_once find find_exp find_index find_index_exp group_by group_by_exp has has_exp hmac_sha256 inspect " +
    "jsonify newline_to_br number_of_words pop push raw reject_exp sample sha256 shift slugify sort_natural squish strip_html " +
    "to_integer unshift uri_escape where_exp xml_escape",
};
const ours = "haproxy sh yaml";

const words = (text: string) => text.split(" ").filter((word) => word !== "");
const messageOf = (source: string) => JSON.stringify(render(source));

describe("of what liquidjs has", () => {
  test("each tag and each filter is allowed or refused", () => {
    expect(Object.keys(liquidTags).toSorted()).toEqual(words(`${allowed.tags} ${refused.tags}`).toSorted());
    expect(Object.keys(liquidFilters).toSorted()).toEqual(words(`${allowed.filters} ${refused.filters}`).toSorted());
  });

  test.each(words(allowed.tags))("the tag %s is there", (tag) => {
    expect(messageOf(`{% ${tag} %}`)).not.toContain("not found");
  });

  test.each(words(refused.tags))("the tag %s is not", (tag) => {
    expect(messageOf(`{% ${tag} %}`)).toContain(`tag \\"${tag}\\" not found`);
  });

  test.each(words(`${allowed.filters} ${ours}`))("the filter %s is there", (filter) => {
    expect(messageOf(`{{ x | ${filter}: 1, 2 }}`)).not.toContain("undefined filter");
  });

  test.each([...words(refused.filters), "(list)", "constructor"])("the filter %s is not", (filter) => {
    expect(reason(`{{ x | ${filter}: 1 }}`)).toBe("TemplateError");
  });
});

describe("a template sees", () => {
  test.each([
    "constructor",
    "peers.constructor",
    "peers[0].__proto__",
    "peers[0].labels.__proto__",
    "peers[0].labels.constructor.name",
    "peers[0].labels.toString",
    "peers[0].ips.map",
    "globalThis",
    "process",
    "this",
  ])("nothing by %s", (path) => {
    expect(render(`[{{ ${path} }}]`)).toMatchObject({ text: "[]" });
    expect(render(`{% if ${path} %}yes{% endif %}`)).toMatchObject({ text: "" });
  });

  test("nothing by a property that a filter reads", () => {
    expect(render("{{ peers | map: 'labels' | map: 'constructor' | compact | size }}")).toMatchObject({ text: "0" });
    expect(render("{{ peers | map: 'labels' | where: 'toString' | size }}")).toMatchObject({ text: "0" });
  });

  test.each(["__proto__", "constructor", "toString"])("the label %s where a pod has it", (key) => {
    const labels = JSON.parse(`{"${key}":"mine"}`) as unknown;
    const result = render(`{{ peers[0].labels['${key}'] }}{{ peers | map: 'labels' | map: '${key}' | first }}`, [
      templatePeer({ labels }),
    ]);
    expect(result).toMatchObject({ text: "minemine" });
  });

  test("values as values, though they be templates, property paths and expressions", () => {
    const peers = [templatePeer({ note: "{{ peers | size }}", path: "labels['app']", labels: { app: "web" } })];
    expect(render("{{ peers[0].note }}{{ peers | map: peers[0].path | join }}", peers)).toMatchObject({
      text: "{{ peers | size }}",
    });
  });
});

const note = "a".repeat(262_144);
const heavy = templatePeers(3, { note });
const ever = "{% for i in (1..100000) %}";
/** Few enough times that what is in it must take steps itself. */
const some = "{% for i in (1..20000) %}{% if false %}";
const end = "{% endfor %}";
/** The pair of the annotation's name and its value, as a list. */
const pair = "{% for e in peers[0] %}{% if e[0] == 'note' %}{% assign x = e %}{% endif %}{% endfor %}";

describe("a template ends, and says so, that", () => {
  test.each<[string, string]>([
    ["makes a range without end", "{% for i in (1..100000000) %}x{% endfor %}"],
    ["makes one of what isn't printed", "{% assign x = (1..100000000) %}"],
    [
      "loops in loops",
      "{% for a in (1..999) %}{% for b in (1..999) %}{% for c in (1..999) %}{% endfor %}{% endfor %}{% endfor %}",
    ],
    [
      "loops over peers in loops over peers",
      `{% for a in peers %}{% for b in peers %}${ever}{% endfor %}{% endfor %}{% endfor %}`,
    ],
    ["doubles a text by append", `{% assign x = "aaaaaaaaaa" %}${ever}{% assign x = x | append: x %}${end}`],
    ["doubles it by replace", `{% assign x = "aaaaaaaaaa" %}${ever}{% assign x = x | replace: "a", "aa" %}${end}`],
    ["grows it by one replace", `{% assign x = peers[0].note | replace: "a", peers[0].note %}`],
    ["doubles it by capture", `{% assign x = "a" %}${ever}{% capture x %}{{ x }}{{ x }}{% endcapture %}${end}`],
    ["doubles it by join", `{% assign x = "a" %}${ever}{% assign x = "a,a" | split: "," | join: x %}${end}`],
    ["doubles a list", `{% assign x = peers %}${ever}{% assign x = x | concat: x %}${end}`],
    ["prints a list of long texts", `${pair}{% for i in (1..16) %}{% assign x = x | concat: x %}${end}{{ x }}`],
    [
      "counts by such a list",
      `${pair}{% for i in (1..16) %}{% assign x = x | concat: x %}${end}{% for i in x limit: x %}${end}`,
    ],
    [
      "searches for it",
      `${pair}{% for i in (1..16) %}{% assign x = x | concat: x %}${end}{% if "a" contains x %}{% endif %}`,
    ],
    ["splits a text again and again", `${ever}{% assign x = peers[0].note | split: "" %}${end}`],
    [
      "searches long texts for long ones",
      `{% assign p = "b" | append: peers[0].note %}${ever}{% if peers[0].note contains p %}{% endif %}${end}`,
    ],
    [
      "replaces long ones in them",
      `{% assign p = "b" | append: peers[0].note %}{% assign x = peers[0].note | replace: p, "" %}`,
    ],
    [
      "compares long texts",
      `{% assign a = peers[0].note | append: "b" %}{% assign b = peers[1].note | append: "b" %}${ever}{% if a == b %}{% endif %}${end}`,
    ],
    ["sorts a long list", `{% assign x = peers[0].note | split: "" %}${ever}{% assign y = x | sort %}${end}`],
    [
      "goes through it backwards",
      `{% assign x = peers[0].note | split: "" %}${ever}{% for j in x reversed %}{% break %}${end}${end}`,
    ],
    ["makes JSON", `${ever}{% assign y = peers | json %}${end}`],
    ["asks much in a condition", `${ever}{% if true${" and true".repeat(5000)} %}{% endif %}${end}`],
    ["has many conditions", `${ever}{% if false %}${"{% elsif false %}".repeat(3500)}{% endif %}${end}`],
    ["has a long path", `${ever}{{ peers${".a".repeat(25_000)} }}${end}`],
    ["gives a filter many arguments", `${ever}{{ peers | size: ${"1,".repeat(25_000)}1 }}${end}`],
    ["has many filters", `${ever}{{ peers ${"|size".repeat(9000)} }}${end}`],
    ["has long names", `${ever}{% for x in "${"x".repeat(60_000)}" %}${end}${end}`],
    [
      "goes through a long list once, and does nothing",
      `{% assign x = peers[0].note | split: "" %}{% for j in x %}${end}`,
    ],
    ["has a long path in another branch", `${some}{% elsif gone${".a".repeat(25_000)} %}{% endif %}${end}`],
    ["asks much there", `${some}{% elsif false${" or false".repeat(5000)} %}{% endif %}${end}`],
    [
      "gives a filter of lists many arguments there",
      `${some}{% elsif gone | compact: ${"1,".repeat(25_000)}1 %}{% endif %}${end}`,
    ],
    [
      "gives one of texts many",
      `${some}{% elsif gone | default: false | strip: ${"1,".repeat(25_000)}1 %}{% endif %}${end}`,
    ],
    ["did what is no number of steps before", `{% assign x = "a" | slice: 0, "x" %}${ever}${ever}${end}${end}`],
    ["writes what isn't read", `${ever}{% capture x %}${"x".repeat(60_000)}{% endcapture %}${end}`],
    ["is mostly raw", `${ever}{% capture x %}{% raw %}${"{{x}}".repeat(6000)}{% endraw %}{% endcapture %}${end}`],
    ["is all nodes", `${ever}${"{{x}}".repeat(6000)}${end}`],
    ...words(`${allowed.filters} ${ours}`)
      .filter((filter) => !["default", "first", "last", "size"].includes(filter))
      .map((filter): [string, string] => [
        `filters by ${filter}`,
        `{% assign p = peers[0].note | slice: 0, 200 %}${ever}{% assign y = peers[0].note | split: "ab" | concat: peers | ${filter}: p, p %}${end}`,
      ]),
  ])("%s", (_, source) => {
    const begin = performance.now();
    expect(reason(source, heavy, 1e12)).toBe("TemplateLimit");
    // each took half a second at most, alone on 2 cores
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test("loops over numbers that have no successor: they're no range", () => {
    expect(render("{% for i in (9007199254740992..9007199254740994) %}x{% endfor %}")).toMatchObject({ text: "" });
    const peers = [templatePeer({ from: "9007199254740992", to: "9007199254740994" })];
    expect(render("{% for i in (peers[0].from..peers[0].to) %}x{% endfor %}", peers)).toMatchObject({ text: "" });
    expect(render("{{ (1..'Infinity') | size }}{{ ('-Infinity'..2) | size }}{{ ('a'..2) | size }}")).toMatchObject({
      text: "000",
    });
  });
});

describe("a source that is too deep is no template:", () => {
  test.each([
    ["of tags", "{% if a %}".repeat(33) + "{% endif %}".repeat(33), "nested deeper than 32"],
    ["of a great many", "{% if a %}".repeat(5000), "nested deeper than 32"],
    ["of brackets", `{{ a${"[a".repeat(33)}${"]".repeat(33)} }}`, "more than 32 brackets"],
    ["of brackets in a tag", `{% assign x = a${"[a".repeat(20_000)}${"]".repeat(20_000)} %}`, "more than 32 brackets"],
  ])("%s", (_, source, message) => {
    expect(messageOf(source)).toContain(message);
  });

  test("but as deep as it may be it is one, and in a comment it doesn't count", () => {
    const deep = `${"{% if true %}".repeat(32)}x${"{% endif %}".repeat(32)}{{ a${"[0]".repeat(31)} }}`;
    const comment = `{% comment %}${"{% if true %}".repeat(40)}{% endcomment %}`;
    expect(render(deep + comment)).toMatchObject({ text: "x" });
  });
});

test("there are steps for a condition and a quoted value for each of 20 items of each of 20,000 peers", () => {
  const items = Array.from({ length: 20 }, (_, index) => `item${index}`);
  const peers = templatePeers(20_000, Object.fromEntries(items.map((item) => [item, `value of ${item}`])));
  const lines = items.map((item) => `{% if p.${item} != "" %}${item}={{ p.${item} | sh }}{% endif %}\n`).join("");
  const result = render(`{% for p in peers %}${lines}{% endfor %}`, peers, 1e9);
  expect("text" in result && result.text.split("\n").length).toBe(20_000 * 20 + 1);
});

test("how many steps there are depends on the peers alone, so that the same input ends at the same place", () => {
  const source = `{% for i in (1..100000) %}{{ i | append: "a" }}{% endfor %}`;
  const first = render(source, templatePeers(10), 1e9);
  expect(first).toEqual(render(source, templatePeers(10), 1e9));
  expect(first).toMatchObject({ problem: { reason: "TemplateLimit" } });
  expect(reason(source, templatePeers(2000), 1e9)).toBeUndefined();
});
