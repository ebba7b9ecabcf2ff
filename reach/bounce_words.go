package reach

// decided holds words that mean one thing whatever the code beside them says. Sender's trouble comes first, as in words: taking it for a dead
// address would silence a customer.
var decided = []wording{
	{[]string{
		"sender address rejected", "sender rejected", "sender domain", "sender verify failed", "sender verification failed", "verify sender",
		"sender address domain", "accept mail from", "refuse mail from", "accept your mail", "your envelope sender", "domain of sender", "mail from domain", "invalid sender", "unknown sender", "sender denied", "bad sender", "invalid helo", "helo name",
	}, Refused, ReasonSenderAddress},
	{[]string{
		"relay access denied", "relaying denied", "unable to relay", "relay not permitted", "relaying prohibited", "relay denied",
		"not permitted to relay", "relaying not allowed", "relay operation rejected", "mail relaying denied", "no relaying allowed", "we do not relay",
		"list of allowed rcpthosts",
	}, Refused, ReasonRelay},
	{[]string{
		"mailbox full", "mailbox is full", "full mailbox", "over quota", "overquota", "over-quota", "quota exceeded", "exceeded quota", "exceeds quota",
		"quotaexceeded", "quota is exceeded", "exceeded storage", "exceeds storage", "exceeded its quota", "exceeded their quota", "exceeding their quota",
		"exceeded disk quota", "disk quota", "disc quota", "over disk quota", "over the allowed quota", "exceed mailbox quota", "mailbox quota",
		"quota violation", "quota exceed", "quota usage exceeded", "over its quota", "above quota", "exceeding quota", "is full", "are full", "inbox full",
		"out of storage", "mailbox space", "not enough storage", "insufficient storage space", "storage full", "storage quota",
		"exceeded the local limit", "space limit", "has exceeded its", "exceeded the limit", "mailbox size limit", "storage limit", "allocated storage", "allowed storage",
		"has been used up", "too much mail data", "too many messages on the server", "too many messages in", "maildir over", "doesn't have enough space",
		"not have enough space", "mailfolder is full", "mailbox exceed", "mbox full", "sufficient disk space", "mailbox_full",
		"postfach voll", "postfach ist voll", "boîte pleine", "boite du destinataire pleine", "buzón lleno", "buzón está lleno", "caixa postal cheia",
		"caixa cheia", "casella piena", "postvak is vol", "skrzynka pełna", "ящик переполнен", "penuh", "melebihi kuota", "邮箱已满", "空间不足", "信箱已滿",
		"郵箱已滿", "邮箱空间", "メールボックスが一杯", "メールボックスがいっぱい", "容量オーバー", "hộp thư đầy",
	}, Temporary, ReasonMailboxFull},
	{[]string{
		"unknown mailer error", "command time limit", "can't create output", "local configuration error", "internal error", "internal server error", "i/o error",
	}, Refused, ReasonReceiverFault},
	{[]string{
		"message too large", "message too big", "message size exceeds", "exceeds size limit", "exceeds the maximum size", "size limit exceeded", "max message size",
		"maximum message size", "message file too big", "message length exceeds", "too large for this", "exceeds the maximum message", "larger than the maximum",
		"message is too large", "header too large", "exceeded the maximum size", "fixed maximum",
	}, Poison, ReasonTooLarge},
	{[]string{
		"account disabled", "account is disabled", "account has been disabled", "mailbox disabled", "mailbox is disabled", "user is disabled", "account inactive",
		"is inactive", "inactive user", "user inactive", "mailbox inactive", "account is not active", "account suspended", "account has been suspended",
		"user suspended", "mailbox suspended", "currently suspended", "is suspended", "deactivated", "account is locked", "account locked", "account closed",
		"account has been closed", "account is closed", "disabled or discontinued", "has been discontinued", "user account is disabled", "account expired", "account blocked", "account is blocked", "user blocked", "mailbox blocked", "mailbox is blocked",
		"mailbox has been blocked", "account that you tried to reach is disabled", "recipient suspend", "invalid/inactive", "mailbox is frozen", "account frozen",
		"account is unavailable", "no longer active", "not an active address", "is not active", "user not active", "temporarily limited",
		"konto deaktiviert", "compte désactivé", "cuenta desactivada", "cuenta inactiva", "conta inativa", "casella disattivata", "dinonaktifkan", "已停用",
		"被禁用", "已冻结", "已凍結", "account is deleted", "account has been deleted",
	}, Permanent, ReasonMailboxOff},
	{[]string{
		"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "no such person", "no such address", "no such account",
		"no such local user", "no such e-mail", "unknown recipient", "recipient unknown", "unknown mailbox", "mailbox unknown", "unknown address", "unknown account",
		"unknown local", "unknown virtual", "unknown e-mail", "unknown email", "unknown or illegal", "unknown or invalid", "invalid recipient", "invalid mailbox",
		"invalid user", "user not found", "user was not found", "user not known", "user doesn't exist", "user does not exist", "recipient not found",
		"recipientnotfound", "recipnotfound", "recipient does not exist", "recipient no longer", "recipient not exist", "mailbox not found",
		"mailbox does not exist", "mailbox doesn't exist", "address does not exist", "address doesn't exist", "account does not exist", "account doesn't exist",
		"account that you tried to reach does not exist", "not a known user", "not a valid user", "not a valid mailbox", "not a valid recipient",
		"not a local address", "is not local", "user isn't", "no mailbox here", "no mailbox found", "no mail box", "no account by that name", "no user by that name",
		"no one with that", "no one at this address", "non-existent user", "nonexistent user", "non existent", "not our customer", "no longer accepts mail",
		"no longer valid", "no longer available", "no longer with", "not listed in", "nor in the", "not recognized", "recipient name is not recognized",
		"destination addresses were unknown", "email address could not be found", "email address wasn't found", "e-mail address was not found", "address not found",
		"address wasn't found", "couldn't be found", "could not be found at", "wasn't found at", "address unknown", "addressee unknown", "user rejected", "badrcptto",
		"bad recipient", "bad destination", "bad address", "missing home directory", "doesn't have a", "does not have an account", "undeliverable address",
		"no valid recipients", "mailbox unavailable or access denied", "unrouteable address", "unroutable address", "all relevant mx records point to",
		"not a registered", "recipient is not registered", "user reject", "not exist here", "rcpt to: does not exist", "in name directory", "no matches to nameserver",
		"mailbox name not allowed", "invalid address", "illegal alias", "couldn't find any mailbox",
	}, Permanent, ReasonNoMailbox},
	{[]string{"has moved", "user moved", "moved to", "relocated"}, Permanent, ReasonMoved},
	{[]string{
		"host or domain name not found", "domain not found", "host not found", "unknown host", "host unknown", "no such domain", "unknown domain", "domain does not exist",
		"domain doesn't exist", "name service error", "couldn't find any host named", "couldn't find a mail exchanger", "nullmx", "null mx", "does not accept mail",
		"doesn't accept mail", "nonexistent domain", "non-existent domain", "nxdomain", "no mx record", "unrouteable mail domain", "unroutable mail domain",
		"illegal host/domain name", "no mail hosts", "invalid domain", "bad domain", "dns error", "no dns record", "domain name not found",
		"couldn't be found or", "no mail server", "can't find host", "unable to resolve", "name or service not known", "host/domain name found",
	}, Permanent, ReasonNoDomain},
	{[]string{
		"connection timed out", "connection refused", "connection reset", "operation timed out", "timed out", "time-out", "timeout exceeded", "network is unreachable", "no route to host",
		"network unreachable", "could not find a gateway", "delivery time expired", "message expired", "expired after", "in the queue too long", "queue too long", "in queue too long",
		"retry time not reached", "too long failure", "long failure period", "wasn't able to establish an smtp connection", "unable to connect", "could not connect",
		"failed to connect", "lost connection", "connection dropped", "connection closed", "did not respond", "not responding", "is not responding",
		"allowed queue period", "after 3 days", "for more than", "delivery timeout", "temporarily unavailable", "temporary failure", "tempfail", "try again later",
		"host not reachable", "unreachable for too long", "couldn't reach", "has not been collected", "remote server is not", "network problem",
	}, Temporary, ReasonQueued},
}

// prose judges what has no code, in the languages servers write.
var prose = []wording{
	{[]string{
		"spam", "virus", "blacklist", "blocklist", "spamhaus", "spf", "dkim", "dmarc", "not authenticated", "policy reasons", "against policy", "content policy", "administrative prohibition",
		"not allowed to send", "not authorized to send", "permission to post", "permission to send", "only accepts messages from", "not accepting messages from",
		"refused by", "rejected by the recipient", "rejected your message", "restricted", "prohibited", "blocked", "message refused", "denied", "no permission", "垃圾邮件", "垃圾郵件", "受信拒否",
	}, Refused, ReasonPolicy},
	{[]string{
		"voll", "lleno", "llena", "excedid", "superó la cuota", "quota dépassé", "pleine", "cheia", "lotado", "piena", "przepełnion", "pełna", "переполнен", "превыш",
		"kuota", "已满", "已滿", "超出", "容量", "一杯", "いっぱい", "용량", "đầy", "speicherplatz",
	}, Temporary, ReasonMailboxFull},
	{[]string{
		"unbekannt", "existiert nicht", "nicht gefunden", "gibt es nicht", "nicht bekannt", "inconnu", "introuvable", "n'existe pas", "désactivé", "n'a pas été trouvé",
		"desconocid", "no existe", "no se encontró", "no se ha encontrado", "no encontrad", "inexistente", "inesistente", "desconhecid", "não existe", "não encontrad", "não foi encontrad",
		"sconosciut", "non esiste", "non trovat", "onbekend", "bestaat niet", "niet gevonden", "nie istnieje", "nieznany", "не существует", "не найден", "несуществующ",
		"неизвестн", "отключен", "tidak ditemukan", "tidak dikenal", "tidak ada", "tidak terdaftar", "tidak valid", "不存在", "找不到", "无此用户", "無此", "查無", "查无", "无效",
		"無效", "宛先不明", "あて先", "見つかりません", "存在しません", "存在しない", "존재하지", "찾을 수 없", "bulunamad", "finns inte", "okänd", "findes ikke", "ukendt", "neexistuje",
		"nem létez", "không tồn tại", "ei löydy", "mailbox unavailable", "mailbox not available", "not exist", "not found", "doesn't exist", "is unknown", "no longer", "invalid", "not local", "unknown",
	}, Permanent, ReasonNoMailbox},
	{[]string{
		"nicht erreichbar", "zeitüberschreitung", "tiempo de espera", "délai", "expir", "scadut", "истек", "超时", "超時", "タイムアウト", "time out", "unreachable", "unavailable",
		"delayed", "giving up", "tries", "tried", "attempts", "temporar", "hop count", "too many hops", "loop",
	}, Temporary, ReasonQueued},
	{[]string{"disabled", "inactive", "suspended", " locked", "closed"}, Permanent, ReasonMailboxOff},
}

// daemons write reports; a part of the From field.
var daemons = []string{
	"mailer-daemon", "mailer daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mdaemon", "postmaster", "mail delivery", "maildelivery", "delivery subsystem",
	"mail administrator", "mailadmin", "system administrator", "systemadministrator", "systemadministrat", "internet mail", "mail system", "mailsystem", "mail router", "mail server",
	"mailserver", "smtp gateway", "delivery system", "microsoftexchange", "microsoft exchange", "microsoft outlook", "exchange server", "daemon@", "bounce@", "bounces@",
	"bounce-", "bounces+", "mail.transfer", "mail transfer", "mta@", "uucp@", "smtpd@", "postfix@", "qmail@", "mailmaster", "exim@", "antispam@", "barracuda", "post_master", "mailsweeper", "mailgate", "messagelabs",
	"systemverwalter", "administrador del sistema", "administrateur système", "amministratore di sistema", "administrator systemu", "sistema de correo", "系统管理员", "系統管理員", "邮件系统",
	"郵件系統", "系统退信", "postmeister", "mailbote", "amavis", "mimedefang",
	"mailer@", "returnmail", "ezweb",
}

// failureSubjects are parts of subjects that say that something did not arrive.
var failureSubjects = []string{
	"undeliver", "non-deliver", "nondeliver", "non deliver", "not deliver", "delivery status", "delivery fail", "delivery notification", "delivery problem", "delivery report", "delivery error",
	"delivery has failed", "delivery incomplete", "delivery unsuccessful", "deliver mail", "failed delivery", "failure delivery", "delivery delay", "delayed", "failure notice",
	"failure notification", "mail failure", "message failure", "returned mail", "returned message", "mail returned", "return mail", "returned to sender", "return to sender", "mail system error",
	"mail delivery", "mail error", "mailer error", "message not", "mail not", "could not be delivered", "couldn't be delivered", "cannot be delivered", "unable to deliver", "can't deliver",
	"error sending your mail", "user unknown", "unknown user", "unknown recipient", "invalid recipient", "address not found", "bounce", "ndn:", "ndr:", "rejected", "message rejected", "mailbox full", "mailbox is full",
	"over quota", "warning: message", "warning: could not", "still undelivered", "transient", "no such user", "notification: message", "message status", "problem delivering", "error in mail", "e-mail failure",
	"message delivery", "email delivery", "sending failed", "send failed", "mail could not", "recipient unknown", "expired", "blocked",
	"unzustellbar", "nicht zugestellt", "nicht zustellbar", "konnte nicht", "zustellung", "zustellfehler", "mail fehler", "fehlgeschlagen", "verzögert",
	"non remis", "non distribu", "échec", "echec", "notification d'état", "non délivr", "erreur de remise", "remise différée", "retardé",
	"no se pudo entregar", "no entregado", "no se puede entregar", "devuelto", "error en la entrega", "entrega", "devolución", "notificación de estado", "rechazado", "não entreg", "falha", "devolvid",
	"mancata consegna", "non recapitabil", "impossibile recapitare", "consegna", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "niedoręcz", "nie dostarczono", "nie można dostarczyć",
	"zwrot", "недоставлен", "не доставлен", "не удалось доставить", "возвращ", "ошибка доставки", "tidak terkirim", "gagal", "tidak dapat", "pengiriman", "kegagalan",
	"退信", "无法投递", "無法投遞", "无法送达", "無法送達", "未送达", "未送達", "无法传递", "無法傳遞", "传递失败", "投递失败", "發送失敗", "发送失败", "退件", "未传递", "未傳遞", "系统退", "被退回",
	"配信不能", "配信できません", "送信できません", "エラー", "不達", "戻り", "届きません", "未配信", "送信エラー", "반송", "배달", "전송", "olevererbar", "kunne ikke", "kan inte", "teslim edil", "nedoruč", "kézbesít", "toimitus",
	"gửi", "ej levererad", "ikke leveret", "не может быть доставлено",
}

var forwarded = []string{"fwd:", "fw:", "wg:", "tr:", "rv:", "轉寄:", "转发:"}

// failurePhrases are what reports begin with.
var failurePhrases = []string{
	"could not be delivered", "couldn't be delivered", "cannot be delivered", "can not be delivered", "can't be delivered", "was not delivered", "wasn't delivered", "not been delivered", "unable to deliver", "not able to deliver",
	"unable to be delivered", "wasn't able to deliver", "was unable to deliver", "couldn't deliver", "could not deliver", "undeliverable", "undelivered", "delivery to the following", "delivery has failed", "delivery failed",
	"delivery failure", "failed to deliver", "deliver your message", "did not reach the following", "didn't reach", "did not reach", "permanent fatal errors", "transient non-fatal", "permanent error", "fatal error", "had delivery problems", "delivery problems",
	"delivery errors", "transcript of session", "this is the mail system at", "qmail-send program", "created automatically by mail delivery", "generated automatically by mail delivery", "mail delivery agent", "an error occurred while", "error has occurred while",
	"rejected by", "were rejected", "was rejected", "has been rejected", "bounced", "returned to sender", "returned to you", "being returned", "is returned", "message was not", "message wasn't", "following address", "following recipient", "following e-mail",
	"these recipients", "recipients were affected", "no such user", "user unknown", "unknown user", "failed addresses", "trouble delivering", "problem delivering", "problems delivering", "failed permanently", "delivery status notification", "has not been delivered",
	"will be retried", "has been delayed", "is delayed", "still trying", "could not send", "could not be sent", "cannot send", "address failed", "addresses failed", "address(es)", "recipient(s)", "failure reasons", "failed recipient",
	"no valid recipients", "not listed in", "mail system error", "unreachable", "mailbox is full", "mailbox full", "message delivery", "returned message", "may not exist",
	"nicht zugestellt", "nicht ausgeliefert", "unzustellbar", "fehler bei der zustellung", "zustellung", "n'a pas pu être", "n'ont pas pu", "n'a pas été", "impossible de", "non remis", "échec de la remise", "no se pudo entregar", "no se ha podido", "no pudo ser", "no ha podido",
	"no llegó", "error al entregar", "error de entrega", "não pôde ser", "não foi possível", "não pode ser", "non è stato possibile", "non è stato", "impossibile", "kon niet", "niet worden", "nie mogła", "nie udało", "nie został", "не может быть", "не удалось", "не было доставлено",
	"не доставлено", "tidak dapat", "gagal", "tidak terkirim", "无法", "無法", "退回", "失败", "失敗", "退信", "未能", "未送达", "できません", "できなかった", "エラー", "届け", "배달", "전송", "ne peut pas", "kunde inte", "kunne ikke", "teslim edilemedi",
}

// delayWords say that somebody still tries; gaveUpWords that nobody does, whatever else is said.
var (
	delayWords = []string{
		"(delay)", "delayed", "will be retried", "will retry", "still trying", "will continue", "will keep trying", "warning: could not", "warning: message", "not yet been delivered", "no action is required on your part",
		"you do not need to resend", "do not need to resend", "no need to resend", "this is a warning message only", "temporary problem", "verzögert", "retardé", "demorad", "undelivered after", "still undelivered", "delivery attempts will continue",
		"transient", "延迟", "延遲", "遅延",
	}
	gaveUpWords = []string{
		"permanent", "giving up", "given up", "gave up", "failed permanently", "no further delivery", "undeliverable", "(failure)", "will not be retried", "has failed", "not be delivered", "returned to sender", "fatal errors", "endgültig", "退信",
	}
)

// labels stand before the address of a recipient.
var labels = []string{
	"recipient", "rcpt to", "to:", "address", "user", "deliver", "message to", "mail to", "sent to", "send to", "reach", "unknown", "account", "mailbox", "failed", "undeliverable", "intended for", "bound for", "for <", "e-mail", "email",
	"para", "destinat", "empfänger", "adress", "an <", " an ", "à ", "kepada", "ke ", "收件", "地址", "发往", "寄給", "宛先", "あて", "받는", "кому", "адрес", "ящик", "получател", "utente", "utilisateur", "usuario", "użytkownik", "<<<", ">>>", "550", "551", "552", "553", "554", "450", "451", "452",
}

// notRecipients mark a line whose address is somebody else.
var notRecipients = []string{
	"from:", "mail from", "sender:", "message-id", "reply-to", "message id", "absender", "remitente", "expéditeur", "von:", "发件人", "寄件", "差出人", "отправител", "contact ", "assistance", "postmaster@", "mailer-daemon@", "in-reply-to", "return-path",
	"generated from", "forwarded to", "please send", "questions", "mts-id", "received:", "subject:", "dihubungi", "reporting-mta", "x-mailer", "c=us;a=",
}

// originalLines and originalBegins announce the letter that came back. They are compared without the signs around them.
var (
	originalLines = []string{
		"original message", "original message follows", "original mail", "returned message", "unsent message follows", "unsent message below", "undelivered message", "undelivered message follows", "message header follows", "message headers follow", "message text follows", "original email",
		"start of message", "begin message", "message follows", "returned mail follows", "original letter", "original message headers", "original headers", "failed message follows", "mail header follows", "message header", "headers", "header", "message body", "message contents follow", "returned message follows",
		"originalnachricht", "ursprüngliche nachricht", "mensaje original", "message d'origine", "message original", "messaggio originale", "mensagem original", "oorspronkelijk bericht", "pesan asli", "原始邮件", "原始郵件", "原郵件", "元のメッセージ", "исходное сообщение", "forwarded message",
		"original mail message follows", "copy of your message", "copy of message", "the original message", "non-delivered message", "your original message", "your message reads (in part)", "original message header", "en-têtes de message d'origine", "encabezados de mensajes originales", "encabezados de mensaje originales", "kopfzeilen der ursprünglichen nachricht", "intestazioni messaggi originali",
		"original message details", "original message sent", "server message end",
	}
	originalBegins = []string{
		"below this line is a copy", "this is a copy of the message", "this is a copy of your message", "included is a copy of", "a copy of the original", "below is a copy", "here is a copy", "the header of the original", "the headers of the original", "the body of the message is", "the following is a copy",
		"the attached file contains", "original message follows", "the text of your message", "body of message generated response", "original message text", "message header follows", "your message follows", "unsent message", "first 100 lines", "the original message follows", "copy of the original message", "the non-delivered message", "the message begins with", "enclosed is a copy",
		"the full original message", "--- original", "here is your original", "original message attached", "headers of the original", "copie du message", "die kopfzeilen der", "der header der original", "原始邮件内容", "原始信件", "元のメール", "the first lines of", "message headers:",
	}
)

// awaySubjects are how machines answer for people who are away.
var awaySubjects = []string{
	"out of office", "out of the office", "out-of-office", "outofoffice", "automatic reply", "automatic response", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "automated reply", "automated response", "auto:", "auto :", "away from my mail", "away from the office", "vacation",
	"on holiday", "on leave", "maternity", "abwesenheit", "automatische antwort", "außer haus", "nicht im büro", "nicht im hause", "im urlaub", "réponse automatique", "absence du bureau", "absent du bureau", "message d'absence", "respuesta automática", "fuera de la oficina", "fuera de oficina", "autorespuesta",
	"resposta automática", "fora do escritório", "ausência", "risposta automatica", "fuori sede", "fuori ufficio", "assenza", "automatisch antwoord", "afwezig", "autosvar", "frånvaro", "automatisk svar", "fraværende", "automaattinen vastaus", "poissa", "odpowiedź automatyczna", "autoodpowiedź", "nieobecno", "automatická odpověď", "automatyczna",
	"автоответ", "автоматический ответ", "отпуск", "balasan otomatis", "di luar kantor", "jawaban otomatis", "sedang cuti", "自动回复", "自動回覆", "自動回應", "自动答复", "自動返信", "自動応答", "不在", "休暇", "外出", "休假", "부재중", "자동 회신", "자동응답", "otomatik yanıt", "ofis dışı", "trả lời tự động", "automatikus válasz", "αυτόματη απάντηση", "răspuns automat",
}

var awayWords = []string{
	"i am out of the office", "i'm out of the office", "i am currently out of", "i will be out of", "i am away", "i'm away", "i will be away", "on vacation", "on annual leave", "on parental leave", "am currently on leave", "i am on leave", "this is an automatic reply", "this is an automated re", "this is an auto", "automatic reply", "limited access to email", "limited access to my email",
	"ich bin abwesend", "nicht im büro", "nicht im haus", "im urlaub", "je suis absent", "en congé", "je serai absent", "estoy fuera de", "estaré fuera", "de vacaciones", "estou de férias", "sono fuori", "sono in ferie", "ik ben afwezig", "met vakantie", "sedang cuti", "di luar kantor", "我正在休假", "我不在办公室", "我目前不在", "外出中", "休暇中",
	"нахожусь в отпуске", "no longer works", "no longer work for", "has left the company", "thank you for contacting", "we have received your", "your request has been received", "received your message and will",
}

// challenges want proof that a person wrote, before they let a letter through.
var (
	challengeSubjects = []string{
		"please confirm your message", "confirm your email to", "action required: confirm", "requires verification", "verification required", "boxbe", "spam arrest", "spamarrest", "please verify your", "verify your message", "confirm that you sent", "antispam uol", "anti-spam uol", "mensagem de verificação", "sender verification", "challenge:", "awaits moderator approval", "[confirm]", "bestätigung erforderlich: ihre e-mail",
	}
	challengeWords = []string{
		"verify that you are a person", "verify that you are human", "verify you are human", "confirm that you are human", "prove that you are", "prove you are human", "challenge-response", "challenge/response", "to have your message delivered", "release your message", "to be added to my guest list", "approve your address", "spam arrest", "boxbe", "tmda", "message is being held", "is being held until", "confirmation required before your message", "click the link below to deliver",
		"click below to confirm that you",
	}
)
