package console

import (
	"candor/staff"
)

// A route is one line of the table. A part answers with something to put into an open page and is no place to return to.
type route struct {
	staff.Route
	handle handle
	part   bool
}

// table is the only list of the console's addresses, of who may use them, and of what answers.
func (f *Face) table() []route {
	open := func(pattern string, h handle) route {
		return route{Route: staff.Route{Pattern: pattern, Open: true}, handle: h}
	}
	needs := func(r staff.Right, pattern string, h handle) route {
		return route{Route: staff.Route{Pattern: pattern, Needs: r}, handle: h}
	}
	part := func(r staff.Right, pattern string, h handle) route {
		return route{Route: staff.Route{Pattern: pattern, Needs: r}, handle: h, part: true}
	}
	const (
		incident = "/console/incidents/{code}"
		update   = incident + "/updates/{update}"
	)
	return []route{
		open("GET /console/assets/{file}", f.showAsset),
		open("GET /console/setup/{token}", f.showSetup),
		open("POST /console/setup/{token}", f.postSetup),
		open("GET /console/sign-in", f.showSignIn),
		open("POST /console/sign-in", f.postSignIn),
		open("GET /console/invitation/{token}", f.showInvitation),
		open("POST /console/invitation/{token}", f.postInvitation),
		open("POST /console/sign-out", f.postSignOut),

		needs(staff.Look, "GET /console", f.showNow),
		needs(staff.Look, "GET /console/{$}", f.showNow),
		needs(staff.Look, "GET /console/profile", f.showProfile),
		needs(staff.Look, "POST /console/profile", f.once(f.postProfile)),
		needs(staff.Look, "POST /console/profile/password", f.postPassword),
		needs(staff.Look, "POST /console/profile/mail", f.postMail),
		part(staff.Look, "GET /console/blobs/{hash}", f.showBlob),

		needs(staff.Look, "GET /console/say", f.showSay),
		needs(staff.Say, "GET /console/declare", f.showDeclare),
		needs(staff.Say, "POST /console/declare", f.postDeclare),
		needs(staff.Say, "POST /console/declare/words", f.showDeclareAgain),
		part(staff.Say, "POST /console/declare/preview", f.showDeclarePreview),
		needs(staff.Say, "GET /console/maintenance", f.showMaintenance),
		needs(staff.Say, "POST /console/maintenance", f.postMaintenance),

		needs(staff.Look, "GET /console/incidents", f.showHistory),
		needs(staff.Look, "GET "+incident, f.showIncident),
		needs(staff.Say, "POST "+incident+"/publish", f.postPublish),
		needs(staff.Say, "POST "+incident+"/set-aside", f.postSetAside),
		needs(staff.Say, "POST "+incident+"/hold", f.postHold),
		needs(staff.Say, "POST "+incident+"/start", f.postStart),
		needs(staff.Say, "POST "+incident+"/end", f.postEnd),
		needs(staff.Say, "GET "+incident+"/write", f.showWrite),
		needs(staff.Say, "POST "+incident+"/updates", f.postUpdate),
		part(staff.Say, "POST "+incident+"/preview", f.showUpdatePreview),
		needs(staff.Say, "GET "+incident+"/facts", f.showFacts),
		needs(staff.Say, "POST "+incident+"/facts", f.once(f.postFacts)),
		needs(staff.Say, "GET "+update+"/correct", f.showCorrect),
		needs(staff.Say, "POST "+update+"/correct", f.once(f.postCorrect)),
		needs(staff.Say, "GET "+update+"/black-out", f.showBlackOut),
		needs(staff.Say, "POST "+update+"/black-out", f.once(f.postBlackOut)),
		needs(staff.Reach, "GET "+incident+"/ledger", f.showLedger),
		needs(staff.Know, "GET "+incident+"/coverage", f.showCoverage),
		part(staff.Know, "GET "+incident+"/coverage.csv", f.showCoverageFile),
		needs(staff.Say, "POST "+incident+"/audience", f.postAudience),
		needs(staff.Say, "POST "+incident+"/effect", f.once(f.postEffect)),
		needs(staff.Know, "GET "+incident+"/customers/{customer}", f.showCustomerStory),

		needs(staff.Reach, "GET /console/reach", f.showReach),
		needs(staff.Say, "POST /console/announcements/{announcement}/pause", f.postPause),
		needs(staff.Say, "POST /console/announcements/{announcement}/resume", f.postResume),
		needs(staff.Reach, "POST /console/deliveries/{delivery}/retry", f.once(f.postRetry)),
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

		needs(staff.Telephone, "GET "+callsPath, f.showCalls),
		part(staff.Telephone, "POST "+callsPath+".csv", f.postCallsExport),
		needs(staff.Telephone, "POST "+callsPath+"/file", f.postCallsFile),
		needs(staff.Telephone, "POST "+callsPath+"/next", f.postNextCall),
		part(staff.Telephone, "POST "+callsPath+"/keep", f.postKeepCall),
		needs(staff.Telephone, "POST "+callsPath+"/{who}/outcome", f.once(f.postCallOutcome)),
		needs(staff.Telephone, "POST "+callsPath+"/{who}/leave", f.once(f.postLeaveCall)),

		needs(staff.Look, "GET "+incident+"/call-in", f.showCallIn),
		needs(staff.Say, "POST "+incident+"/call-in", f.once(f.postCallIn)),
		needs(staff.Look, "POST "+incident+"/call-in/{person}", f.postAnswerFor),
		open("GET /console/call-in/{token}", f.showCalledIn),
		open("POST /console/call-in/{token}", f.postCalledIn),

		needs(staff.Look, "GET /console/repair", f.showRepair),
		needs(staff.Look, "GET /console/prove", f.showProve),
		// Its before and after hold addresses and roles: it is for who manages people (V22).
		needs(staff.ManageStaff, "GET /console/audit", f.showAudit),

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
		needs(staff.Configure, "GET /console/settings/first-words/{kind}/{impact}", f.showFirstWords),
		needs(staff.Configure, "POST /console/settings/first-words/{kind}/{impact}", f.once(f.postFirstWords)),
		needs(staff.Configure, "GET /console/settings/ladder", f.showReaching),
		needs(staff.Configure, "POST /console/settings/ladder", f.once(f.postReaching)),
		needs(staff.Configure, "GET /console/settings/ladder/{kind}/{impact}", f.showLadder),
		needs(staff.Configure, "POST /console/settings/ladder/{kind}/{impact}", f.once(f.postLadder)),
		needs(staff.Configure, "GET /console/settings/sms", f.showTexts),
		needs(staff.Configure, "POST /console/settings/sms", f.once(f.postTexts)),
		needs(staff.Configure, "GET /console/settings/chat", f.showRooms),
		needs(staff.Configure, "POST /console/settings/chat", f.once(f.postRooms)),
	}
}
