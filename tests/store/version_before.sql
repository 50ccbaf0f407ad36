BEGIN TRANSACTION;
CREATE TABLE accounts (
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	PRIMARY KEY (platform, workspace, user_id)
);
INSERT INTO "accounts" VALUES('slack','T1','Uada',1);
INSERT INTO "accounts" VALUES('slack','T1','Ubob',2);
INSERT INTO "accounts" VALUES('slack','T1','Ucarol',3);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE broadcasts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	reply TEXT NOT NULL, 
	audit TEXT NOT NULL, 
	created_at BIGINT NOT NULL
);
INSERT INTO "broadcasts" VALUES(1,'{"is":"Reply","blocks":[{"is":"Paragraph","spans":[{"is":"Text","text":"The figures of June are in."}]},{"is":"Paragraph","spans":[{"is":"Text","text":"A message from those who run pivotbot. Say “stop” to end weekly nudges, “forget” to erase your data."}]}],"personal":false,"in_place":false,"place":"","nod":false}','broadcast of 27 characters by slack admin',1795471380000000);
CREATE TABLE conversations (
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	workspace TEXT NOT NULL, 
	chat TEXT NOT NULL, 
	thread TEXT NOT NULL, 
	shared BOOLEAN NOT NULL, 
	state TEXT NOT NULL, 
	touched_at BIGINT NOT NULL, 
	PRIMARY KEY (person_id, platform, workspace, chat, thread)
);
INSERT INTO "conversations" VALUES(1,'slack','T1','Dada','',0,'{"last":{"command":"salary","words":"senior","at":"2026-11-23T22:01:00Z","sources":["occupations.ml_engineer.bands.senior.pay","occupations.ml_engineer.figures.talenza_senior","occupations.ml_engineer.figures.talenza_all","occupations.ml_engineer.figures.genai_pay","occupations.ml_engineer.figures.ato_software"]},"choices":{"Superior":"answer points english superior","Proficient":"answer points english proficient","Competent":"answer points english competent","UK, US, Canada, NZ or Irish passport":"answer points english passport","Below that, or no test":"answer points english below_competent","Back":"back","Cancel":"cancel"},"burst":3,"burst_since":"2026-11-23T22:01:00Z"}',1795471260000000);
INSERT INTO "conversations" VALUES(2,'slack','T1','Dbob','',0,'{"last":{"command":"subscribe","words":"tue 8am perth","at":"2026-11-23T22:02:00Z","personal":true},"burst":2,"burst_since":"2026-11-23T22:03:00Z"}',1795471380000000);
INSERT INTO "conversations" VALUES(3,'slack','T1','Dcarol','',0,'{"burst":1,"burst_since":"2026-11-23T22:03:00Z"}',1795471380000000);
CREATE TABLE dead_letters (
	reference TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	error TEXT NOT NULL, 
	platform TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (reference)
);
CREATE TABLE deployment (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "deployment" VALUES('salt','52541d14c29a05e85f06640936d5548a');
CREATE TABLE errands (
	"key" TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	errand TEXT NOT NULL, 
	not_before BIGINT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "errands" VALUES('8dc4c1f247b052eb2bc03247aa12088a',3,'[{"is":"Event","key":"slack:T1:Dcarol:1795471380.000019","at":{"is":"datetime","at":"2026-11-23T22:03:00+00:00"},"account":{"is":"Account","platform":"slack","workspace":"T1","user":"Ucarol"},"chat":{"is":"Chat","platform":"slack","workspace":"T1","id":"Dcarol","thread":"","shared":false},"surface":{"is":"Surface","name":"slack","prefix":"/pivot ","whispers":true,"edits":true,"tables":true,"pictures":true,"files":true,"forms":true,"home":true,"knows_zone":true,"shares_location":false,"asks_links":true,"private_link":"","workspace_owners_may_read":true,"cannot":["slack_cannot_thread","slack_cannot_location","slack_cannot_fold","slack_cannot_repeat"],"own_machine":false},"body":{"is":"Said","text":"subscribe fri 6pm","reading":null,"edit_of":"","message":"1795471380.000019","quoted":false},"nonce":"00000000000000000000000000000014","token":null,"admin":false,"within":"","crowded":false,"zone_hint":"","sent_at":{"is":"datetime","at":"2026-11-23T22:03:00+00:00"},"turn":"a56ba5a5"},{"is":"LookUpZone","then":"fri 18:00"}]',1795471395000000);
CREATE TABLE installations (
	enterprise_id TEXT NOT NULL, 
	team_id TEXT NOT NULL, 
	user_id TEXT NOT NULL, 
	is_enterprise_install BOOLEAN NOT NULL, 
	app_id TEXT, 
	bot_id TEXT, 
	bot_user_id TEXT, 
	bot_scopes TEXT, 
	bot_token_encrypted TEXT, 
	bot_refresh_token_encrypted TEXT, 
	bot_token_expires_at BIGINT, 
	installed_at BIGINT NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (enterprise_id, team_id, user_id)
);
CREATE TABLE leases (
	name TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE link_codes (
	code_hash TEXT NOT NULL, 
	person_id INTEGER NOT NULL, 
	platform TEXT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	used_at BIGINT, 
	PRIMARY KEY (code_hash)
);
CREATE TABLE link_tries (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE oauth_states (
	state TEXT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	PRIMARY KEY (state)
);
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	token TEXT NOT NULL, 
	chat TEXT NOT NULL, 
	person_id INTEGER, 
	lane TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	resent BOOLEAN DEFAULT 0 NOT NULL, 
	plain_only BOOLEAN DEFAULT 0 NOT NULL, 
	owner TEXT, 
	lease_until BIGINT, 
	not_before BIGINT NOT NULL, 
	created_at BIGINT NOT NULL, 
	intent_at BIGINT, 
	closed_at BIGINT, 
	ref TEXT, 
	error TEXT, 
	payload TEXT, 
	fallback TEXT, 
	address TEXT, 
	subscription_id TEXT, 
	week TEXT, 
	resend INTEGER, 
	due_at BIGINT, 
	broadcast_id INTEGER
, turn TEXT, answers TEXT);
INSERT INTO "outbox" VALUES(1,'slack:T1','Dada',1,'answer','sent',1,0,0,NULL,NULL,1795471200000000,1795471200000000,1795471200000000,1795471200000000,'1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'0fd0413d','1795471200.000001');
INSERT INTO "outbox" VALUES(2,'slack:T1','home:Uada',1,'answer','sent',1,0,0,NULL,NULL,1795471200000000,1795471200000000,1795471200000000,1795471200000000,'2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'0fd0413d',NULL);
INSERT INTO "outbox" VALUES(3,'slack:T1','Dada',1,'answer','sent',1,0,0,NULL,NULL,1795471200000000,1795471200000000,1795471200000000,1795471200000000,'3',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'efc6917b','1795471200.000003');
INSERT INTO "outbox" VALUES(4,'slack:T1','home:Uada',1,'answer','sent',1,0,0,NULL,NULL,1795471200000000,1795471200000000,1795471200000000,1795471200000000,'4',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'efc6917b',NULL);
INSERT INTO "outbox" VALUES(5,'slack:T1','Dada',1,'answer','sent',1,0,0,NULL,NULL,1795471200000000,1795471200000000,1795471200000000,1795471200000000,'5',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'b7f42952','1795471200.000005');
INSERT INTO "outbox" VALUES(6,'slack:T1','home:Uada',1,'answer','sent',1,0,0,NULL,NULL,1795471200000000,1795471200000000,1795471200000000,1795471200000000,'6',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'b7f42952',NULL);
INSERT INTO "outbox" VALUES(7,'slack:T1','Dada',1,'answer','sent',1,0,0,NULL,NULL,1795471260000000,1795471260000000,1795471260000000,1795471260000000,'7',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'ff0baec1','1795471260.000007');
INSERT INTO "outbox" VALUES(8,'slack:T1','Dada',1,'answer','sent',1,0,0,NULL,NULL,1795471260000000,1795471260000000,1795471260000000,1795471260000000,'8',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'f0f25ad9','1795471260.000009');
INSERT INTO "outbox" VALUES(9,'slack:T1','Dada',1,'answer','sent',1,0,0,NULL,NULL,1795471260000000,1795471260000000,1795471260000000,1795471260000000,'9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'9da2b250','1795471260.000011');
INSERT INTO "outbox" VALUES(10,'slack:T1','Dbob',2,'answer','sent',1,0,0,NULL,NULL,1795471320000000,1795471320000000,1795471320000000,1795471320000000,'10',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'157e97b0','1795471320.000013');
INSERT INTO "outbox" VALUES(11,'slack:T1','home:Ubob',2,'answer','sent',1,0,0,NULL,NULL,1795471320000000,1795471320000000,1795471320000000,1795471320000000,'11',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'157e97b0',NULL);
INSERT INTO "outbox" VALUES(12,'slack:T1','Dbob',2,'answer','sent',1,0,0,NULL,NULL,1795471380000000,1795471380000000,1795471380000000,1795471380000000,'12',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'869f5d58','1795471380.000015');
INSERT INTO "outbox" VALUES(13,'slack:T1','Dada',1,'nudge','ready',0,0,0,NULL,NULL,1795471380000000,1795471380000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795471380000000,1,'66d70f75',NULL);
INSERT INTO "outbox" VALUES(14,'slack:T1','Dbob',2,'nudge','ready',0,0,0,NULL,NULL,1795471380000000,1795471380000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795471380000000,1,'66d70f75',NULL);
INSERT INTO "outbox" VALUES(15,'slack:T1','Dbob',2,'answer','sending',1,0,0,'0157fafcd3e910c3',1795471440000000,1795471380000000,1795471380000000,1795471380000000,NULL,NULL,NULL,'{"text":"Booked for 2 people. It goes out at the nudges'' pace.","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Booked for 2 people. It goes out at the nudges'' pace."}]}]}]}','Booked for 2 people. It goes out at the nudges'' pace.','{"chat":{"platform":"slack","workspace":"T1","id":"Dbob"}}',NULL,NULL,NULL,NULL,NULL,'66d70f75','1795471380.000017');
CREATE TABLE people (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	state TEXT NOT NULL, 
	accounts SMALLINT DEFAULT '1' NOT NULL, 
	subscriptions SMALLINT DEFAULT '0' NOT NULL, 
	nudge_platform TEXT, 
	nudge_workspace TEXT, 
	nudge_chat TEXT, 
	nudge_thread TEXT, 
	nudge_shared BOOLEAN, 
	unreachable TEXT DEFAULT '' NOT NULL, 
	unreachable_at BIGINT, 
	dialog_at BIGINT, 
	created_at BIGINT NOT NULL
);
INSERT INTO "people" VALUES(1,'{"profile":{"zone":"Australia/Sydney","zone_said":"Sydney","region":"NSW","answers":{"age":"34 on 2026-11-24"},"told_who_reads":true},"dialog":{"dialog":"points","question":"english","answers":{"age":"34 on 2026-11-24"},"touched_at":"2026-11-23T22:01:00Z"},"progress":{"plan":"ml_engineer","started_on":"2026-11-24","hours":8.0,"done":{"leave_notebook.self_audit":["2026-11-23T22:00:00Z",""]}}}',1,1,'slack','T1','Dada','',0,'',NULL,1795471260000000,1795471200000000);
INSERT INTO "people" VALUES(2,'{"profile":{"zone":"Australia/Perth","zone_said":"Perth","region":"WA"}}',1,1,'slack','T1','Dbob','',0,'',NULL,NULL,1795471320000000);
INSERT INTO "people" VALUES(3,'{}',1,0,'slack','T1','Dcarol','',0,'',NULL,NULL,1795471380000000);
CREATE TABLE picture_refs (
	token TEXT NOT NULL, 
	content_hash TEXT NOT NULL, 
	ref TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (token, content_hash)
);
CREATE TABLE seen_events (
	"key" TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "seen_events" VALUES('4e2d7af3b434e3aa62da81b5316f2b52',1795471200000000);
INSERT INTO "seen_events" VALUES('426142a4630336ab6bd6fe4202bf7375',1795471200000000);
INSERT INTO "seen_events" VALUES('2e9e27b7537980fbf0750ffb7cb814d7',1795471200000000);
INSERT INTO "seen_events" VALUES('fc7a319dc90abe4603cc82d57ee09607',1795471260000000);
INSERT INTO "seen_events" VALUES('fa000307a8a5a6148a4dcd870f0063d7',1795471260000000);
INSERT INTO "seen_events" VALUES('d886e2602006863623b1b6a602fb68e7',1795471260000000);
INSERT INTO "seen_events" VALUES('a14521c14d6fdda3962167175fdae0c0',1795471320000000);
INSERT INTO "seen_events" VALUES('b753f7b9c84c165c96342de3d1ce34fc',1795471380000000);
INSERT INTO "seen_events" VALUES('72aa54f9fcbcd4dd69b21efc57b5a283',1795471380000000);
INSERT INTO "seen_events" VALUES('563bb90c4b7ccb83c966b916607a948b',1795471380000000);
CREATE TABLE send_pace (
	token TEXT NOT NULL, 
	chat TEXT NOT NULL, 
	tat BIGINT NOT NULL, 
	bulk_tat BIGINT NOT NULL, 
	paused_until BIGINT NOT NULL, 
	dead_reason TEXT, 
	dead_at BIGINT, 
	PRIMARY KEY (token, chat)
);
INSERT INTO "send_pace" VALUES('slack:T1','',1795471380666666,0,0,NULL,NULL);
INSERT INTO "send_pace" VALUES('slack:T1','Dada',1795471263000000,0,0,NULL,NULL);
INSERT INTO "send_pace" VALUES('slack:T1','home:Uada',1795471203000000,0,0,NULL,NULL);
INSERT INTO "send_pace" VALUES('slack:T1','Dbob',1795471382000000,0,0,NULL,NULL);
INSERT INTO "send_pace" VALUES('slack:T1','home:Ubob',1795471321000000,0,0,NULL,NULL);
CREATE TABLE subscriptions (
	person_id INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	weekday SMALLINT NOT NULL, 
	local_time TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	paused_until TEXT, 
	sent_week TEXT NOT NULL, 
	resend INTEGER NOT NULL, 
	snoozed_until BIGINT, 
	pace TEXT NOT NULL, 
	next_due_at BIGINT, 
	tz_version TEXT NOT NULL, 
	rest TEXT NOT NULL, 
	PRIMARY KEY (person_id, id)
);
INSERT INTO "subscriptions" VALUES(1,'c4b9fcbef90ba1a4',0,'09:00','Australia/Sydney',1,NULL,'',0,NULL,'weekly',1795989600000000,'2026f','{}');
INSERT INTO "subscriptions" VALUES(2,'3032b0720e172187',1,'08:00','Australia/Perth',1,NULL,'',0,NULL,'weekly',1795478400000000,'2026f','{}');
CREATE TABLE tombstones (
	account_hash TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (account_hash)
);
CREATE TABLE unanswered (
	id INTEGER NOT NULL, 
	person_id INTEGER, 
	text TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX people_by_dialog ON people (dialog_at) WHERE dialog_at IS NOT NULL;
CREATE INDEX people_by_nudge_chat ON people (nudge_platform, nudge_workspace, nudge_chat);
CREATE INDEX people_by_unreachable ON people (unreachable_at) WHERE unreachable_at IS NOT NULL;
CREATE INDEX accounts_by_person ON accounts (person_id);
CREATE INDEX conversations_by_age ON conversations (touched_at);
CREATE INDEX conversations_by_chat ON conversations (platform, workspace, chat);
CREATE INDEX subscriptions_by_due ON subscriptions (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX subscriptions_by_tz_version ON subscriptions (tz_version);
CREATE INDEX outbox_by_person ON outbox (person_id);
CREATE INDEX outbox_closed ON outbox (closed_at) WHERE closed_at IS NOT NULL;
CREATE UNIQUE INDEX outbox_occurrence ON outbox (person_id, subscription_id, week, resend) WHERE subscription_id IS NOT NULL;
CREATE INDEX outbox_open ON outbox (token, chat, id) WHERE state IN ('ready', 'sending');
CREATE INDEX outbox_ready ON outbox (token, lane, not_before, id) WHERE state = 'ready';
CREATE INDEX outbox_sending ON outbox (lease_until) WHERE state = 'sending';
CREATE INDEX seen_events_by_age ON seen_events (at);
CREATE INDEX link_codes_by_person ON link_codes (person_id);
CREATE INDEX link_tries_by_person ON link_tries (person_id, at);
CREATE INDEX unanswered_by_person ON unanswered (person_id);
CREATE INDEX errands_by_person ON errands (person_id);
CREATE INDEX errands_by_time ON errands (not_before);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('people',3);
INSERT INTO "sqlite_sequence" VALUES('outbox',15);
INSERT INTO "sqlite_sequence" VALUES('broadcasts',1);
COMMIT;
