package console

import (
	"slices"

	"candor/staff"
)

// A route is one line of the table. A part answers with something to put into an open page and is no place to return to.
type route struct {
	staff.Route
	handle handle
	part   bool
}

// table is the only list of the console's addresses, of who may use them, and of what answers; in the order of the menu.
func (f *Face) table() []route {
	return slices.Concat(f.doors(), f.saying(), f.reaching(), f.calling(), f.crediting(), f.looking(), f.arranging())
}

func anybody(pattern string, h handle) route {
	return route{Route: staff.Route{Pattern: pattern, Open: true}, handle: h}
}

func needs(r staff.Right, pattern string, h handle) route {
	return route{Route: staff.Route{Pattern: pattern, Needs: r}, handle: h}
}

func part(r staff.Right, pattern string, h handle) route {
	return route{Route: staff.Route{Pattern: pattern, Needs: r}, handle: h, part: true}
}

// Patterns that many addresses begin with.
const (
	anIncident = "/console/incidents/{code}"
	anUpdate   = anIncident + "/updates/{update}"
	anAction   = anIncident + "/actions/{action}"
)

// doors are where somebody comes in, and what is theirs.
func (f *Face) doors() []route {
	return []route{
		anybody("GET /console/assets/{file}", f.showAsset),
		anybody("GET /console/setup/{token}", f.showSetup),
		anybody("POST /console/setup/{token}", f.postSetup),
		anybody("GET /console/sign-in", f.showSignIn),
		anybody("POST /console/sign-in", f.postSignIn),
		anybody("GET /console/invitation/{token}", f.showInvitation),
		anybody("POST /console/invitation/{token}", f.postInvitation),
		anybody("POST /console/sign-out", f.postSignOut),

		needs(staff.Look, "GET /console", f.showNow),
		needs(staff.Look, "GET /console/{$}", f.showNow),
		needs(staff.Look, "GET /console/profile", f.showProfile),
		needs(staff.Look, "POST /console/profile", f.once(f.postProfile)),
		needs(staff.Look, "POST /console/profile/password", f.postPassword),
		needs(staff.Look, "POST /console/profile/mail", f.postMail),
		part(staff.Look, "GET /console/blobs/{hash}", f.showBlob),
	}
}

// saying is writing to customers, and all that belongs to one incident.
func (f *Face) saying() []route {
	return []route{
		needs(staff.Look, "GET /console/say", f.showSay),
		needs(staff.Say, "GET /console/declare", f.showDeclare),
		needs(staff.Say, "POST /console/declare", f.postDeclare),
		needs(staff.Say, "POST /console/declare/words", f.showDeclareAgain),
		part(staff.Say, "POST /console/declare/preview", f.showDeclarePreview),
		needs(staff.Say, "GET /console/maintenance", f.showMaintenance),
		needs(staff.Say, "POST /console/maintenance", f.postMaintenance),
		part(staff.Say, "POST /console/maintenance/check", f.showMaintenanceAdvice),

		needs(staff.Look, "GET /console/incidents", f.showHistory),
		needs(staff.Look, "GET "+anIncident, f.showIncident),
		needs(staff.Say, "POST "+anIncident+"/publish", f.postPublish),
		needs(staff.Say, "POST "+anIncident+"/set-aside", f.postSetAside),
		needs(staff.Say, "POST "+anIncident+"/hold", f.postHold),
		needs(staff.Say, "POST "+anIncident+"/start", f.postStart),
		needs(staff.Say, "POST "+anIncident+"/end", f.postEnd),
		needs(staff.Say, "POST /console/proposals/{proposal}/approve", f.once(f.postApprove)),
		needs(staff.Say, "POST /console/proposals/{proposal}/decline", f.once(f.postDecline)),
		needs(staff.Say, "GET "+anIncident+"/write", f.showWrite),
		needs(staff.Say, "POST "+anIncident+"/updates", f.postUpdate),
		part(staff.Say, "POST "+anIncident+"/preview", f.showUpdatePreview),
		needs(staff.Say, "GET "+anIncident+"/facts", f.showFacts),
		needs(staff.Say, "POST "+anIncident+"/facts", f.once(f.postFacts)),
		needs(staff.Say, "GET "+anUpdate+"/correct", f.showCorrect),
		needs(staff.Say, "POST "+anUpdate+"/correct", f.once(f.postCorrect)),
		part(staff.Say, "POST "+anUpdate+"/check", f.showCorrectAdvice),
		needs(staff.Say, "GET "+anUpdate+"/black-out", f.showBlackOut),
		needs(staff.Say, "POST "+anUpdate+"/black-out", f.once(f.postBlackOut)),
		needs(staff.Reach, "GET "+anIncident+"/ledger", f.showLedger),
		needs(staff.Look, "GET "+anIncident+"/score", f.showScore),
		needs(staff.Know, "GET "+anIncident+"/coverage", f.showCoverage),
		part(staff.Know, "GET "+anIncident+"/coverage.csv", f.showCoverageFile),
		needs(staff.Say, "POST "+anIncident+"/audience", f.postAudience),
		needs(staff.Say, "POST "+anIncident+"/effect", f.once(f.postEffect)),
		needs(staff.Know, "GET "+anIncident+"/customers/{customer}", f.showCustomerStory),
	}
}

// reaching is who is told: customers, subscribers, and what lies in the outbox.
func (f *Face) reaching() []route {
	return []route{
		needs(staff.Reach, "GET /console/reach", f.showReach),
		needs(staff.Say, "POST /console/announcements/{announcement}/pause", f.postPause),
		needs(staff.Say, "POST /console/announcements/{announcement}/resume", f.postResume),
		needs(staff.Reach, "POST /console/deliveries/{delivery}/retry", f.once(f.postRetry)),
		needs(staff.Know, "GET "+repliesPath, f.showReplies),
		needs(staff.Reach, "POST "+repliesPath+"/{reply}", f.once(f.postAnswer)),
		needs(staff.Reach, "GET /console/subscribers", f.showSubscribers),
		needs(staff.Reach, "POST /console/subscribers", f.once(f.postSubscriber)),
		needs(staff.Reach, "POST /console/subscribers/{contact}/end", f.postEndSubscriber),
		needs(staff.Know, "GET /console/customers", f.showCustomers),
		needs(staff.Enlist, "GET /console/customers/import", f.showImport),
		needs(staff.Enlist, "POST /console/customers/import", f.postImport),
		part(staff.Know, "POST /console/customers/file", f.postCustomersExport),
		needs(staff.Know, "GET /console/customers/{customer}", f.showCustomer),
		part(staff.Know, "POST /console/customers/{customer}/file/{format}", f.postCustomerExport),
		needs(staff.Enlist, "POST /console/customers/{customer}/erase", f.once(f.postEraseCustomer)),
		needs(staff.Reach, "GET /console/outbox", f.showOutbox),
		needs(staff.Reach, "GET /console/outbox/{delivery}", f.showLetter),
		part(staff.Reach, "GET /console/outbox/{delivery}/html", f.showLetterHTML),
	}
}

// calling is people reaching people: customers by telephone, and one another in an outage.
func (f *Face) calling() []route {
	return []route{
		needs(staff.Telephone, "GET "+callsPath, f.showCalls),
		part(staff.Telephone, "POST "+callsPath+".csv", f.postCallsExport),
		needs(staff.Telephone, "POST "+callsPath+"/file", f.postCallsFile),
		needs(staff.Telephone, "POST "+callsPath+"/next", f.postNextCall),
		part(staff.Telephone, "POST "+callsPath+"/keep", f.postKeepCall),
		needs(staff.Telephone, "POST "+callsPath+"/{who}/outcome", f.once(f.postCallOutcome)),
		needs(staff.Telephone, "POST "+callsPath+"/{who}/leave", f.once(f.postLeaveCall)),

		needs(staff.Look, "GET "+anIncident+"/call-in", f.showCallIn),
		needs(staff.Say, "POST "+anIncident+"/call-in", f.once(f.postCallIn)),
		needs(staff.Look, "POST "+anIncident+"/call-in/{person}", f.postAnswerFor),
		anybody("GET /console/call-in/{token}", f.showCalledIn),
		anybody("POST /console/call-in/{token}", f.postCalledIn),
	}
}

// crediting is what customers are owed: by which terms, how much, and that finance agrees.
func (f *Face) crediting() []route {
	const aRun = runsPath + "/{run}"
	return []route{
		needs(staff.Know, "GET "+creditsPath, f.showCredits),
		needs(staff.Know, "GET "+runsPath, f.showAllCredits), // where a refused form was posted to, if somebody loads it again
		needs(staff.Know, "GET "+termsPath, f.showAllCredits),
		needs(staff.Know, "GET "+termsPath+"/new", f.showNewTerms),
		needs(staff.Pay, "POST "+termsPath, f.postTerms),
		needs(staff.Know, "GET "+termsPath+"/{name}", f.showTerms),
		needs(staff.Pay, "POST "+termsPath+"/{name}", f.postTerms),
		needs(staff.Pay, "POST "+runsPath, f.once(f.postRun)),
		needs(staff.Know, "GET "+aRun, f.showRun),
		needs(staff.Pay, "POST "+aRun+"/rules", f.once(f.postEdit)),
		needs(staff.Pay, "POST "+aRun+"/rules/{n}/remove", f.once(f.postWithoutEdit)),
		needs(staff.Pay, "POST "+aRun+"/approve", f.postApproveRun),
		needs(staff.Pay, "POST "+aRun+"/drop", f.postDropRun),
		needs(staff.Know, "GET "+aRun+"/offer", f.showOffer),
		needs(staff.Pay, "POST "+aRun+"/offer", f.once(f.postOffer)),
		needs(staff.Pay, "POST "+aRun+"/offer/go-on", f.postGoOn),
		needs(staff.Pay, "POST "+aRun+"/offer/exports/{export}", f.postConfirmExport),
		part(staff.Pay, "GET "+creditsPath+"/exports/{export}/credits.csv", f.showExport),
		needs(staff.Know, "GET "+objectionsPath, f.showObjections),
		needs(staff.Pay, "POST "+objectionsPath+"/{objection}", f.postObjectionAnswer),
		needs(staff.Know, "GET "+aRun+"/customers", f.showRunCustomers),
		needs(staff.Know, "GET "+aRun+"/customers/{customer}", f.showPencil),
		part(staff.Know, "GET "+aRun+"/credits.csv", f.showRunFile),
		needs(staff.Configure, "GET /console/settings/credits", f.showCreditSettings),
		needs(staff.Configure, "POST /console/settings/credits", f.once(f.postCreditSettings)),
	}
}

// looking is what is repaired, and what can be proved.
func (f *Face) looking() []route {
	return []route{
		needs(staff.Look, "GET /console/repair", f.showRepair),
		needs(staff.Look, "GET /console/prove", f.showProve),
		needs(staff.Say, "GET "+commentsPath, f.showComments),
		needs(staff.Say, "POST "+aComment+"/decide", f.postDecision),
		needs(staff.Say, "POST "+aComment+"/answer", f.once(f.postCommentAnswer)),
		needs(staff.Say, "POST "+aComment+"/call", f.postCommentCall),
		needs(staff.Say, "POST "+aComment+"/report", f.postCommentReport),
		needs(staff.Look, "GET /console/deadlines", f.showAllDeadlines),
		needs(staff.Look, "GET "+anIncident+"/report", f.showReport),
		needs(staff.Say, "POST "+anIncident+"/report/begin", f.postBeginReport),
		needs(staff.Say, "POST "+anIncident+"/report", f.once(f.postReport)),
		part(staff.Say, "POST "+anIncident+"/report/check", f.showReportAdvice),
		needs(staff.Say, "GET "+anIncident+"/actions", f.showNewAction),
		needs(staff.Say, "POST "+anIncident+"/actions", f.once(f.postNewAction)),
		needs(staff.Look, "GET "+anAction, f.showAction),
		needs(staff.Look, "POST "+anAction, f.once(f.postAction)),
		needs(staff.Say, "GET "+anIncident+"/cause", f.showCause),
		needs(staff.Say, "POST "+anIncident+"/cause", f.once(f.postCause)),
		needs(staff.Look, "GET "+anIncident+"/deadlines", f.showDeadlines),
		needs(staff.Say, "POST "+anIncident+"/deadlines", f.once(f.postDeadlines)),
		part(staff.Look, "GET "+anIncident+"/deadlines.csv", f.showDeadlinesTable),
		part(staff.Look, "GET "+anIncident+"/deadlines.json", f.showDeadlinesJSON),
		// Its before and after hold addresses and roles: it is for who manages people (V22).
		needs(staff.ManageStaff, "GET /console/audit", f.showAudit),
	}
}

// arranging is the company: its components, its people, its programs and its settings.
func (f *Face) arranging() []route {
	return []route{
		needs(staff.Look, "GET /console/components", f.showComponents),
		needs(staff.Arrange, "GET /console/components/new", f.showNewComponent),
		needs(staff.Arrange, "POST /console/components", f.once(f.postNewComponent)),
		needs(staff.Arrange, "GET /console/components/{component}", f.showComponent),
		needs(staff.Arrange, "POST /console/components/{component}", f.once(f.postComponent)),
		needs(staff.Arrange, "POST /console/components/{component}/archive", f.postArchive),
		needs(staff.Say, "POST /console/components/{component}/status", f.postStatus),

		needs(staff.Look, "GET /console/people", f.showPeople),
		needs(staff.ManageStaff, "GET /console/people/new", f.showNewPerson),
		needs(staff.ManageStaff, "POST /console/people", f.once(f.postNewPerson)),
		needs(staff.ManageStaff, "GET /console/people/{person}", f.showPerson),
		needs(staff.ManageStaff, "POST /console/people/{person}", f.once(f.postPerson)),
		needs(staff.ManageStaff, "POST /console/people/{person}/disable", f.postDisable),
		needs(staff.ManageStaff, "POST /console/people/{person}/enable", f.postEnable),
		needs(staff.ManageStaff, "POST /console/people/{person}/invite", f.once(f.postInvite)),

		needs(staff.Look, "GET /console/tokens", f.showTokens),
		needs(staff.Look, "POST /console/tokens", f.postToken),
		needs(staff.Look, "POST /console/tokens/{token}/revoke", f.postRevoke),

		needs(staff.Configure, "GET /console/mine", f.showMine),
		needs(staff.Configure, "POST /console/mine", f.once(f.postMine)),
		needs(staff.Configure, "POST /console/mine/publish", f.postPublishPage),
		needs(staff.Configure, "GET /console/settings", f.showSettings),
		needs(staff.Configure, "POST /console/settings", f.once(f.postSettings)),
		needs(staff.Configure, "POST /console/settings/logo", f.postLogo),
		needs(staff.Configure, "POST /console/settings/test-mail", f.once(f.postTestMail)),
		needs(staff.Configure, "GET /console/settings/templates/{occasion}", f.showTemplate),
		needs(staff.Configure, "POST /console/settings/templates/{occasion}", f.once(f.postTemplate)),
		needs(staff.Configure, "POST /console/settings/templates/{occasion}/preview", f.showTemplatePreview),
		needs(staff.Configure, "GET /console/settings/words", f.showWords),
		needs(staff.Configure, "POST /console/settings/words", f.once(f.postWords)),
		needs(staff.Configure, "GET /console/settings/scorecard", f.showScorecard),
		needs(staff.Configure, "POST /console/settings/scorecard", f.once(f.postScorecard)),
		needs(staff.Configure, "GET /console/settings/ladder", f.showReaching),
		needs(staff.Configure, "POST /console/settings/ladder", f.once(f.postReaching)),
		needs(staff.Configure, "GET /console/settings/ladder/{kind}/{impact}", f.showLadder),
		needs(staff.Configure, "POST /console/settings/ladder/{kind}/{impact}", f.once(f.postLadder)),
		needs(staff.Configure, "GET /console/settings/sms", f.showTexts),
		needs(staff.Configure, "POST /console/settings/sms", f.once(f.postTexts)),
		needs(staff.Configure, "GET /console/settings/reports", f.showReportSettings),
		needs(staff.Configure, "POST /console/settings/reports", f.once(f.postReportSettings)),
		needs(staff.Configure, "GET /console/settings/promises", f.showPromiseSettings),
		needs(staff.Configure, "POST /console/settings/promises", f.once(f.postPromiseSettings)),
		needs(staff.Configure, "GET /console/settings/comments", f.showCommentSettings),
		needs(staff.Configure, "POST /console/settings/comments", f.once(f.postCommentSettings)),
		needs(staff.Configure, "GET /console/settings/chat", f.showRooms),
		needs(staff.Configure, "POST /console/settings/chat", f.once(f.postRooms)),
	}
}
