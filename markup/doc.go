// Package markup is the one road from what a person wrote to what a customer reads.
//
// A customer sees paragraphs, emphasis, lists, quotes and links, on the page, in a feed and in a mail, and never anything that acts:
// no script, no picture that reports back who looked, no link with a disguised scheme. What a stranger writes in a comment and what an
// alert carries take the same road as what staff write.
//
// Markdown is read by goldmark without raw HTML, so a tag appears as the characters it is typed with; then bluemonday lets only an
// allow-list through, so that no single library's mistake is enough. A line break stays a line break, as people at 3 a.m. expect, and a
// heading becomes a strong paragraph, because the page's outline belongs to the page. Text that is too long or nested to exhaust a
// parser is shown as plain text: ugly, complete and harmless.
package markup
