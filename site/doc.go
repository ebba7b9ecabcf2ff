// Package site is what everybody sees: the public pages, their feeds and the documents machines read.
//
// A visitor comes on a phone, in a hurry, perhaps with a hundred thousand others, and wants three things: is it you or me, who is on it,
// when do you speak again. The page answers in that order, in their language, with a clock that shows whether the promise is kept, and it
// is never greener than what we know: where Candor cannot read its own records, the page says unknown and how old it is.
//
// A page is a typed struct made from a world (one snapshot of the facts), rendered by a template, compressed, and kept in memory until a
// topic it depends on changes or its own words do (a promise passes, a maintenance starts, midnight). A visitor's GET is a look into a
// map and one write: it touches no database. Nothing changes by reading; every form posts to the desk.
package site
