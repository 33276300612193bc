"""Forenames that are one name in everyday use: short forms, spellings, and ways of writing a name from another alphabet.

Each line is one name, its usual long form first. A short form may stand on several lines (Chris, Sam, Alex). Written for this project
from general knowledge; no list was copied.
"""

_SAME_NAME = """
abdul abdel abd
abigail abby abi gail
adam ad
agnes aggie nessie
agnieszka aga
ahmed ahmad ahmet
aisha ayesha aysha aicha
albert al bert bertie
aleksandra ola alexandra
alexander alex alec sandy aleks
alexandra alex lexi sandra
alfred alf alfie fred
alice ali
alison ali allie
amanda mandy
amelia millie milly amy
amina aminah
andrew andy drew andrzej
angela angie
ann anne annie anna nancy
anthony antony tony
archibald archie
arthur art
barbara barb babs
benjamin ben benny benji
brenda bren
caroline carrie carol caro
catherine katherine kathryn katharine kate katie cathy kathy kay kath cath kat kitty katarzyna
charles charlie charley chas chuck
charlotte lottie charlie
christine chris chrissie christina tina
christopher chris kit krzysztof
cynthia cindy
daniel dan danny
david dave davy davie
deborah debbie deb debra
derek del derrick
diana di diane
donald don donnie
dorothy dot dottie dolly
edward ed eddie ted teddy ned
eleanor ellie nell nellie nora elinor
elizabeth liz lizzie beth betty bess eliza libby lisa elsie betsy
ellen nell nellie
emily em emmy milly
emmanuel manny emanuel
ernest ernie
eugene gene
fatima fatimah fathima
florence flo florrie flossie
frances fran fanny francie
francis frank frankie
frederick fred freddie freddy
gareth gaz
gary gaz garry
geoffrey jeffrey geoff jeff
george georgie
georgina georgie
gerald gerry jerry
gertrude gertie trudy
gillian gill jill
gordon gord
gregory greg
gurpreet gurprit
gwendoline gwen
harold harry hal
harriet hattie
helen nell nellie
henrietta hetty etta
henry harry hal hank
hugh hughie
hussain hussein husain hossain
ibrahim ebrahim abraham
isabella isabel bella izzy isobel
jacob jake jakub
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janet janey jan
janet jan
jaspreet jasprit
jennifer jen jenny jenni
jessica jess jessie
joan joanie
joanna joanne jo asia
john jack johnny jon ian
jonathan jon jonny jonathon
joseph joe joey
josephine jo josie
joshua josh
judith judy
julia julie jules
kathleen kath kathy
kenneth ken kenny
khadija khadijah khatija
kimberly kim kimberley
lawrence laurence larry laurie
leonard len lenny
leslie les lesley
lindsey lin lindsay
louisa louise lou lulu
lucy lucille lucinda
lukasz lucas luke
malgorzata gosia
margaret maggie meg peggy marge margot greta may madge
martha mattie patty
martin marty
mary molly polly may mollie
maryam mariam miriam
matilda tilly maud
matthew matt matty mateusz
maureen mo
michael mike mick micky mikey michal
michelle shell
mohammed muhammad mohamed mohammad muhammed mohd md
natalie nat natalia
nathaniel nathan nat
nicholas nick nicky nicolas
nicola nicky nikki
oliver ollie olly
olivia liv livvy
oluwaseun seun
babatunde tunde
pamela pam
patricia pat patsy trish tricia
patrick pat paddy
pawel paul
penelope penny
peter pete piotr
philip phil phillip pip
philippa pippa
rachel rach
raymond ray
rebecca becky becca
reginald reg reggie
richard dick rick ricky rich richie
robert bob bobby rob robbie bert robin
ronald ron ronnie
rosemary rose rosie
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie sara
sheila she
simon si
stanley stan stanislaw
stephanie steph
stephen steven steve stevie
stuart stu stewart
susan sue susie suzanne
terence terry
theodore theo ted
theresa teresa terry tess tessa
thomas tom tommy thom tomasz tomek
timothy tim timmy
tracey trace tracy
usman osman uthman
valerie val
veronica ronnie vera
victoria vicky tori vic
vincent vince vinny
walter walt wally
wilhelmina mina minnie
william bill billy will willie willy liam wills
winifred winnie freda
yusuf yousuf yousef joseph
zachary zach zak
zainab zaynab zeinab
"""


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _SAME_NAME.split("\n"):
        names = line.split()
        for name in names:
            found.setdefault(name, set()).add(names[0])
    return {name: frozenset(groups) for name, groups in found.items()}


SAME_NAME = _groups()
"""Name → the names it may stand for; two names are one in everyday use where these meet."""
