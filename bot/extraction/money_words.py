"""What the words of talk about money mean: super inside or on top, in the hand, a day rate, the second one, a threshold.

A table of words, longest first; a word that stands in none of its rows is one that money talk does not explain.
"""

from collections.abc import Mapping
from typing import Final

_ROWS: Final[Mapping[str, str]] = {
    "before july": "before july|till june|until june|before 1 july|before that|in june|up to june",
    "ask for": "should i say|should i ask|should i tell|should i quote|should i put|should i be asking|push for|ask for|negotiate|counter with|aim for|hold out for|ask them for|go back with",
    "match": "match|matches|equal|to equal|equals to|would match|will match|equals|equates to|be the same as|replace|matching|as a salary|as salary|salary equivalent|equivalent salary|in salary terms",
    "same": "same|the same|same thing|equal|identical",
    "no loan": "hecs is gone|the hecs is gone|once hecs is gone|when hecs is gone|after the hecs is gone|hecs gone|no hecs for me|hecs paid|without the hecs|without the help|without help|no help|without the loan|without the debt|drop the hecs|scrap the hecs|forget the hecs|hecs is paid off|ignore hecs|ignore the hecs|not counting hecs|hecs gone|no help debt|without hecs|no loan|no student loan|minus hecs|hecs free|hecs paid off|no uni debt",
    "super inside": (
        "pf inside|pf included|with pf inside|pf in it|supers in it|supers in|supers inside|supers included|super s in it|supers in there|super is in there|super in there|includes the super|super inc in it|super is inclusive|includes super|incl super|including super|inc super|includes super|include super|inclusive of super"
        "|super incl|super inc|super included|super is included|super inclusive|super inside"
        "|super is inside|super in it|super is in it|super is in|super was in|super was inside"
        "|super was included|super in|with super inside|with super in|with super in it"
        "|with super included|inside|all in|package|total package|tec|trp|inclusive|incl|inc"
        "|including|included|incl of super|including the super|super already in|packaged"
    ),
    "super on top": (
        "supers on top|supers extra|super goes on top|super is on top of that|super comes on top|+ sg|plus super|super was on top|super was extra|super on the top|+ super|and super|n super"
        "|super on top|with super on top|super is on top|super extra|on top|excl super"
        "|excluding super|excludes super|super excluded|ex super|before super|without super"
        "|not including super|not incl super|plus the super|plus sg|+ sg|super on top of it"
        "|super on top of that|super paid on top|plus 12 % super|+ 12 % super|plus"
        "|super additional|on top of super"
    ),
    "super": "pf|provident fund|super|superannuation|sg|the super|supper|super too|super as well",
    "with super": "with super|with the super|w super",
    "base": (
        "base|base pay|base salary|my base|the base|base wage|minus super|less super"
        "|take out super|minus the super|super taken out"
    ),
    "net": (
        "tk home|tkhome|takehom|in hand|in the hand|in my hand|in my pocket|in the pocket|in the bank|in my bank"
        "|into my account|in my account|after tax|post tax|aftertax|take home|takehome|net"
        "|net pay|inhand|bring home|actually get|left over|left|clear|cleared|pocket|hand"
        "|in her hand|in his hand|in our hands|real money|see in my account|home pay"
        "|after taxes|tax taken out|tax out|once taxed|nett|after the tax|lands in my account|keep"
        "|land in my account|what lands|hits my account|hit my account|hits my bank|i keep|th"
        "|get to keep|money in my account|see in my bank|cleared pay|walk away with|post tax pay"
    ),
    "gross": "before tax|pre tax|pretax|gross|before taxes|before the tax|untaxed",
    "tax": "tax|taxed|taxes|income tax",
    "tax rate": (
        "tax rate|tax rates|tax bracket|tax brackets|marginal rate|bracket|brackets|tax scale"
        "|tax free|threshold tax"
    ),
    "loan": (
        "w help|w hecs|plus help|and help|hecs too|have hecs|has hecs|got hecs|the hecs|hecs|hecs debt|help debt|help loan|hecs help|student loan|study loan|student debt"
        "|uni debt|hecs loan|study debt|with help|i owe|owe|owing|uni loan|debt|have help"
        "|got help|loan"
    ),
    "balance": (
        "of hecs|of hecs debt|of help debt|of student debt|of student loan|of uni debt|in hecs"
        "|in student debt|on my hecs|on hecs|left on hecs|left on my hecs|hecs debt of|debt of"
        "|hecs of|hecs owing|debt owing|hecs left"
    ),
    "foreign": (
        "non res|nonres|non resident|non residents|nonresident|nonresidents|foreign resident"
        "|as a foreigner|not resident|not a resident|non tax resident|foreign tax resident"
        "|not a tax resident"
    ),
    "resident": "resident|residents|tax resident|res|as a local|a local",
    "week": (
        "per week|a week|weekly|each week|by the week|in a week|pw|every week|per wk|wk|/ week"
        "|week|/ wk"
    ),
    "fortnight": (
        "per fortnight|a fortnight|fortnightly|each fortnight|by the fortnight|in a fortnight"
        "|every fortnight|every two weeks|every 2 weeks|per 2 weeks|biweekly|fortnite"
        "|per fortnite|fn|per fn|fortnight|/ fortnight|2 weekly"
    ),
    "month": (
        "per month|a month|monthly|each month|by the month|in a month|every month|pm|pcm"
        "|per mth|per mnth|mth|month|/ month|mthly"
    ),
    "year": (
        "per year|a year|yearly|each year|in a year|over a year|annually|per annum|pa|p a"
        "|annual|for the year|over the year|for a year|per yr|a yr|annualised|annualized"
        "|whole year|full year|/ year|/ yr"
    ),
    "last year": (
        "last year|last yr|last fin year|last financial year|the year before|last tax year"
        "|year before|previous year"
    ),
    "this year": (
        "this year|this financial year|current year|this fin year|this tax year|now this year"
        "|this yr"
    ),
    "next year": "next year|next july|next financial year|from july|next fin year",
    "low": "low 1|the low 1|lower 1|the lower 1|lowest 1|bottom 1|low end|lower end|bottom end|bottom|lowest|lower one|low one|the low|the lower|lower",
    "high": (
        "high 1|the high 1|higher 1|the higher 1|top 1|the top 1|upper 1|highest 1|top end|upper end|high end|top|highest|upper one|top one|higher end|upper|the high one"
        "|higher one"
    ),
    "first": (
        "first 1|the first 1|1 st 1|first|first one|the first|1 st|1 st one|the 1 st|the 1 st one|company a|offer a|job a"
        "|option a|a goes|a gives|a offers|a pays|former|one one|the former"
    ),
    "second": (
        "second 1|the second 1|2 nd 1|second|second one|the second|2 nd|2 nd one|the 2 nd|the 2 nd one|company b|offer b"
        "|job b|option b|b|latter|the latter|other one|the other|other offer|other job"
    ),
    "salaried": (
        "perm|permanent|permie|salaried|perm one|perm job|full time|fulltime|fixed salary"
        "|perm role|permanent role|employee"
    ),
    "contract": (
        "pty ltd|own company|my company|my own company|abn|invoicing|payg|client|the rate|my rate|the day rate|their rate|contract|contracting|contractor|contractors|contracts|day rate|daily rate|contract one"
        "|contract role|contract job|freelance|hourly|abn|contrct|daily"
    ),
    "other": (
        "wife|husband|hubby|partner|mate|friend|brother|sister|gf|bf|girlfriend|boyfriend"
        "|missus|spouse|mum|dad|cousin|colleague|coworker|housemate|flatmate|wifes|husbands"
        "|partners|mates|her|hers|his|him|she|sis"
    ),
    "together": "together|combined|both of us|us both|between us|two of us|altogether|household|jointly",
    "judged": (
        "how does that sit|does that sit|sit|stack up|stacks up|compare|compares|how does that compare|measure up|line up|about right|ripped off|good|fair|decent|enough|reasonable|competitive|realistic|normal|underpaid|overpaid"
        "|standard|low|high|bad|market rate|average|ok|okay|fine|alright|great|cheap|shit|crap"
        "|right|on par|low ball|lowball|lowballed|poor|solid|under market|over market"
        "|below market|above market|typical|generous|okayish|legit"
    ),
    "beside": (
        "over|above|under|below|clear it|clears|meet|meets|pass|reach|reaches|enough for"
        "|qualify|qualifies|meet it|over it"
    ),
    "pick": (
        "should i take|should i take it|take it|should i accept|which one|which is better"
        "|better|better deal|wins|win|winner|worth it|better one|better off|best|go for|worth"
        "|which|which offer|shld i take|pick|choose|accept|prefer|recommend|do i take"
        "|do i take it|your pick|smarter|what would you do|stay or go|say yes|good deal"
        "|go contract|go perm|should i go|a no brainer|no brainer|jump|switch"
        "|which job"
    ),
    "more": (
        "extra day|the extra day|worse|better off|worse off|how much worse|how much worse off|how much better off|how much more|how much less|difference|diff|gap|more|less|extra|the difference"
        "|the diff|higher|bigger|difference between|diffrence|ahead|how much extra"
        "|which is more|more money|how much better|lose|losing|gain"
    ),
    "threshold": (
        "csit|ssit|tsmit|threshold|thresholds|income threshold|sponsor|sponsored|sponsorship"
        "|sponsoring|core skills|specialist skills|core|specialist|visa|482|186|494|minimum|min"
        "|min salary|minimum salary|nomination|nominate|nominated|visa minimum|cut off|cutoff"
        "|the line|limit|for the 482|for 482|the 482|floor|on a 482|on the 482"
    ),
    "rise": (
        "raise|rise|payrise|pay rise|pay raise|increase|bump|hike|pay bump|pay increase"
        "|salary increase|cpi rise|uplift"
    ),
    "up to": (
        "go to|went to|goes to|go up to|move to|moved to|bumped to|moves to|up to|goes|go"
        "|jump to|jumps to|raised to"
    ),
    "offered": "offered|offer|offering|offers|new job|new role|they offered|new offer|new one",
    "now": (
        "im on|i am on|currently|currently on|current|now on|on now|at the moment|atm"
        "|at present|i make now|my current|i get now|rn|right now|im getting|ive got now|was on"
        "|from"
    ),
    "bonus": "bonus|bonuses|commission|sign on|annual bonus|sti|with bonus",
    "day": "per day|a day|each day|by the day|/ day|every day",
    "taken": (
        "comes off|come off|taken off|goes off|taken out|deducted|deductions|taken|comes out"
        "|come out"
    ),
    "no bonus": "without bonus|without the bonus|no bonus|minus bonus|minus the bonus|less the bonus",
    "part time": "part time|parttime|pro rata|prorata|pro rated|fte|reduced hours|casual",
    "off": (
        "off|leave|holiday|holidays|unpaid|unpaid leave|vacation|off unpaid|break|annual leave"
        "|holidays off|off work|gaps|gap between|with a gap|break between"
    ),
    "roughly": "more like|closer to|nearer to|probably like|rather",
    "hour": "per hour|an hour|per hr|hourly net|by the hour|each hour|a hour|hourly rate|/ hour|/ hr|per hrs",
    "against": "vs|v|versus|against|compared to|compared with|instead of|rather than|or|beside|than",
    "experience": "exp|experience|yoe|xp|of exp|of experience|years exp|experienced",
    "whole": (
        "how much is that|how much is it|whats that|what is that|thats|how much that|total|comes to"
    ),
    "not": "dont|not|isnt|never|nothing|nobody|cant|wont|didnt|doesnt|arent|stop|without",
    "who": "who|why|source|when|where|whose|whom",
}
"""Meaning → the words for it, between bars."""
MEANINGS: Final = {meaning: tuple(row.split("|")) for meaning, row in _ROWS.items()}

FILLERS: Final = frozenset(
    (
        "nowadays should shall shud tht dat dis wats basically pretty flat ill theyll week-ends am thing simply instead totally "
        "a about actual actually again agency ai also am amount an and any approx approximately"
        " are around as at aud band bands be been being boss both bout bucks but by calc"
        " calculate can case cheers column come comes company convert could data days deal did"
        " do does doing dollar dollars done each earn earning earns else employer eng engineer"
        " engineering engineers engr equivalent even every exactly extend extended fella figure"
        " figures find for get gets getting give gives going gonna got guess guy guys had half"
        " hang has have having he here hey hi hm hmm hold hours how hows hrs hw i id if ill im"
        " in income into is ish it its ive job jobs just kind know lasts learning like long"
        " look looks machine made make makes making man many mate may maybe mch me mean meant"
        " might ml money muc much my n nah next no normally note now number of oh ok okay on"
        " one ones only or our out page paid pay paying pays people per person please pls plz"
        " position ppl probably put range ranges rate rates really reckon recruiter right role"
        " roughly runs said salaries salary same say saying says sec see show side sides single"
        " so some somebody someone sorry still sum ta take takes taking tell terms thanks that"
        " thats the them then there theres these they theyre think thinking this tho those"
        " though thx to too two u up us usually wage wages wait want wants was wat we weeks"
        " well what whats wht will with work worked working workout works would yeah yep yes"
        " you client clients candidate through thru via pty ltd bill bills billed billing invoice"
        " invoicing wud cud once lands account been real true mine sir mate bro po lah lol eh kaya na oi gidday thank thanks honest honestly tbh again kindly"
        " suppose giving w hes shes hr joint gig joke kids place blokes bloke guys folks devops dev write ba took guarantee guaranteed used before bi mean lot realistically bit frontend ato median office minimum number must"
        " backend python grad graduate found somewhere saw heard seen own gst market sweet kind nah yep hmmm ha"
        " haha lmao rn plz thx cheers ngl yea yeh aight legit bit must put away aside set save wouldve got level"
    ).split()
)
"""Words that stand around the figures and change nothing about them."""
