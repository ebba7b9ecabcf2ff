// Package letter is what one recipient reads.
//
// A customer opens a mail on a phone, in a hurry: what is out, since when, when we speak again, what we know, who says so and how to reach
// them; then why they got it and how to stop it. Every letter exists as HTML and as plain text, made from one Sheet, in the reader's
// language, with times in the company's zone and in UTC. Free text that nobody translated is shown in another language under a note.
//
// A letter is written once per announcement and language; what differs per recipient are two tokens in its links, which Form fills in.
package letter
