// Package intake listens for the mail that comes back: bounces, complaints, answers of machines and of people.
//
// A customer whose mailbox is gone is reached another way within minutes, one who asked us to stop is left alone, and one who answers finds
// somebody who read it. Whose mail it is, the address it came to proves and nothing else: a return path carries a code that only this
// installation can make (package reach/email), and an answer names the letter it answers. Mail to any other address is refused before its
// content is sent, so that a storm of forged bounces costs the sender more than us and silences nobody (B18). Nothing here ever writes mail.
package intake
