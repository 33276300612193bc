"""Names, streets and mistakes for made-up people; the lists were typed by hand for this benchmark, and describe nobody."""


def _words(text: str) -> list[str]:
    return text.split()


def _read(text: str) -> dict[str, list[str]]:
    """`name=form,form; name=form`: the other forms of each name."""
    pairs = (entry.split("=") for entry in " ".join(text.split()).split("; "))
    return {name: forms.split(",") for name, forms in pairs}


BOYS_BEFORE_1962 = _words("""
John David Michael Peter Robert Alan Brian William James Thomas Kenneth George Ronald Derek Roy Anthony Keith Raymond Terence Colin Graham
Stephen Paul Kevin Ian Geoffrey Dennis Frank Gordon Eric Leslie Malcolm Barry Trevor Norman Arthur Albert Harold Ernest Frederick Stanley
Philip Christopher Richard
""")

GIRLS_BEFORE_1962 = _words("""
Margaret Susan Patricia Christine Jean Maureen Mary Barbara Sheila Joan Linda Ann Carol Pamela Janet Elizabeth Jacqueline Sandra Dorothy
Shirley Brenda Kathleen Doreen Joyce Eileen Marion Valerie Rita Beryl Audrey Irene Sylvia Hilary Rosemary Gillian Judith Frances Helen
Catherine Anne Hazel Marjorie Edna Gladys
""")

BOYS_BEFORE_1992 = _words("""
Paul Andrew Mark Stephen David Richard Christopher Michael Simon Jonathan Matthew Daniel Adam Lee Darren Jason Gary Craig Stuart Neil
Martin Nicholas Steven Robert James Timothy Philip Benjamin Gareth Wayne Dean Karl Scott Russell Anthony Edward Alexander Thomas Ryan
Kevin Peter John Carl Justin Shaun Ross
""")

GIRLS_BEFORE_1992 = _words("""
Sarah Nicola Joanne Karen Claire Emma Lisa Michelle Helen Rebecca Samantha Amanda Victoria Kelly Rachel Louise Deborah Julie Tracey
Jennifer Katherine Gemma Laura Natalie Donna Alison Angela Caroline Stephanie Jane Wendy Heather Kerry Lindsey Joanna Hayley Leanne
Charlotte Catherine Elizabeth Melanie Andrea Zoe Amy Sally
""")

BOYS_SINCE = _words("""
Oliver Jack Harry George Noah Charlie Jacob Alfie Freddie Oscar Leo Arthur Thomas Joshua Henry William James Max Lucas Ethan Archie Theo
Isaac Joseph Alexander Samuel Daniel Logan Edward Toby Finley Mason Harrison Adam Benjamin Dylan Jake Luke Nathan Riley Callum Connor Liam
Kian Reuben Jude Elliot
""")

GIRLS_SINCE = _words("""
Olivia Amelia Isla Ava Emily Isabella Mia Poppy Ella Lily Sophia Grace Evie Jessica Sophie Freya Charlotte Daisy Alice Florence Sienna
Matilda Rosie Millie Ruby Evelyn Phoebe Chloe Eva Ellie Erin Molly Scarlett Holly Lucy Megan Elsie Willow Harriet Hannah Abigail Eliza
Imogen Maisie Bethany Niamh Zara
""")

SOUTH_ASIAN_MUSLIM_MEN = _words("""
Mohammed Muhammad Ali Ahmed Abdul Imran Hassan Hussain Omar Yusuf Ibrahim Bilal Usman Asif Tariq Zain Hamza Adeel Kashif Faisal Nadeem
Shahid Rashid Saeed Khalid Irfan Amin Waqas Junaid Sajid
""")

SOUTH_ASIAN_MUSLIM_WOMEN = _words("""
Fatima Aisha Zainab Maryam Khadija Amina Sadia Nasreen Shazia Saima Rukhsana Noreen Bushra Farah Samina Ayesha Hafsa Iqra Sana Uzma Yasmin
Parveen Naila Tahira Sumaira
""")

SOUTH_ASIAN_MUSLIM_SURNAMES = _words("""
Khan Ahmed Ali Hussain Begum Akhtar Shah Malik Mahmood Iqbal Mirza Chaudhry Bibi Rahman Uddin Miah Aziz Sheikh Butt Qureshi Raja Rashid
Hassan Karim Choudhury
""")

SIKH_AND_HINDU_MEN = _words("""
Gurpreet Harpreet Manjit Jaspal Rajesh Sanjay Amit Vikram Ravi Suresh Sunil Kuldeep Balbir Arjun Rohan Nikhil Deepak Anil Jagdeep Sukhdev
Parminder Hardeep
""")

SIKH_AND_HINDU_WOMEN = _words("""
Manpreet Jaspreet Gurpreet Harpreet Priya Anita Sunita Meena Kavita Neha Pooja Rajinder Kulwinder Amrit Simran Navdeep Geeta Nisha Sonia
Parveen
""")

SIKH_AND_HINDU_SURNAMES = _words("""
Singh Kaur Patel Sharma Gill Sandhu Dhillon Sidhu Mistry Shah Desai Joshi Bains Chohan Grewal Mehta Parmar Lal Kumar Rai
""")

POLISH_MEN = _words("""
Piotr Krzysztof Andrzej Tomasz Pawel Marcin Michal Jakub Lukasz Adam Wojciech Mateusz Kamil Rafal Dariusz Grzegorz Mariusz Zbigniew
Stanislaw Szymon
""")

POLISH_WOMEN = _words("""
Anna Katarzyna Agnieszka Malgorzata Joanna Magdalena Monika Ewa Aleksandra Karolina Dorota Beata Justyna Natalia Zofia Wiktoria Julia
Barbara Iwona Marta
""")

POLISH_SURNAMES = _words("""
Nowak Kowalski Wisniewski Wojcik Kowalczyk Kaminski Lewandowski Zielinski Szymanski Wozniak Dabrowski Kozlowski Jankowski Mazur
Kwiatkowski Krawczyk Piotrowski Grabowski Pawlak Michalski
""")

AFRICAN_MEN = _words("""
Emmanuel Samuel Daniel Chinedu Kwame Kofi Oluwaseun Tunde Ikenna Abdi Mohamed Yusuf Ibrahim Joseph Michael Segun Babatunde Femi Kwabena
Ahmed
""")

AFRICAN_WOMEN = _words("""
Grace Blessing Esther Mary Chioma Ngozi Abena Ama Fatou Hodan Halima Amina Joy Comfort Patience Funmilayo Adaeze Yetunde Ayaan Faith
""")

AFRICAN_SURNAMES = _words("""
Okafor Mensah Adeyemi Owusu Boateng Okonkwo Ibrahim Mohamed Abdi Ali Osei Asante Balogun Adeleke Eze Nwosu Hassan Bello Addo Appiah
""")

COMMON_SURNAMES = _words("""
Smith Jones Taylor Williams Brown Davies Evans Wilson Thomas Roberts Johnson Lewis Walker Robinson Wood Thompson White Watson Jackson
Wright Green Harris Cooper King Lee Martin Clarke James Morgan Hughes Edwards Hill Moore Clark Harrison Scott Young Morris Hall Ward
Turner Carter Phillips Mitchell Patel Adams Campbell Anderson Allen Cook Bailey Parker Miller Davis Murphy Price Bell Baker Griffiths
Kelly Simpson Marshall Collins Bennett Cox Richardson Fox Gray Rose Chapman Hunt Robertson Shaw Reynolds Lloyd Ellis Richards Russell
Wilkinson Khan Graham Stewart Reid Murray Powell Palmer Holmes Rogers Stevens Walsh Hunter Thomson Matthews Ross Owen Mason Knight Kennedy
Butler Saunders Cole Pearce Dean Foster Harvey Hudson Gibson Mills Berry Barnes Pearson Kaur Fisher Webb Rowe Fletcher Atkinson Barker
Newman Lawson Hart Dixon Armstrong Elliott Sutton Bird Perry Burton Watts Ryan Payne Armitage Booth Hayes Cunningham Gardner Nicholson
Francis Lawrence Riley Bradley Day Bates Bishop Jordan Fuller Poole Hussain O'Brien O'Connor O'Neill McDonald McCarthy MacKenzie McGrath
McKenna Byrne Doyle Gallagher
""")

SURNAME_BEGINNINGS = _words("""
Ash Black Brad Brook Bur Cal Chal Clay Comp Cross Dal Den Dun East El Fair Farn Glad Grim Had Hal Har Haw Hep Hol Horn Ingle Kirk Lang Lin
Long Mar Mel Mid Nor Oak Pem Pick Rad Red Rush Sand Sel Shaw Stan Stock Strat Sum Thorn Til Wad Wal War Wel West Whit Win Wood Wor Yar
""")

SURNAME_ENDINGS = _words("""
bury by combe cott croft dale den don field ford gate ham hurst ing kins land leigh ley low man mere more ridge shaw son stead ster stone
ston thorpe ton wick wood worth well
""")

STREET_NAMES = _words("""
High Church Station Mill Park Victoria Albert Queen King Manor Grange Orchard Meadow Elm Oak Ash Beech Willow Chapel Bridge Castle Spring
Hill River Garden School London York Springfield Highfield Woodland Northgate Southgate Westbourne Eastfield Alexandra Clarence Wellington
Nelson Tennyson Byron Milton Shelley Cedar Maple Rowan Hawthorn Primrose Lavender
""")

STREET_KINDS = _words("""
Street Road Lane Avenue Close Drive Way Court Crescent Grove Place Terrace Gardens Walk Rise
""")

ABBREVIATIONS: dict[str, str] = {
    "Street": "St",
    "Road": "Rd",
    "Lane": "Ln",
    "Avenue": "Ave",
    "Close": "Cl",
    "Drive": "Dr",
    "Court": "Ct",
    "Crescent": "Cres",
    "Grove": "Gr",
    "Place": "Pl",
    "Terrace": "Terr",
    "Gardens": "Gdns",
}

NICKNAMES = _read("""
William=Bill,Will,Billy,Liam; Robert=Bob,Rob,Bobby; Richard=Dick,Rick,Richie; James=Jim,Jimmy,Jamie; John=Jack,Johnny; Thomas=Tom,Tommy;
Edward=Ed,Ted,Eddie; Henry=Harry; Charles=Charlie; Joseph=Joe,Joey; Samuel=Sam; Daniel=Dan,Danny; David=Dave,Davy; Michael=Mike,Mick;
Peter=Pete; Stephen=Steve; Steven=Steve; Andrew=Andy,Drew; Anthony=Tony; Christopher=Chris; Nicholas=Nick; Matthew=Matt; Benjamin=Ben;
Alexander=Alex,Sandy; Frederick=Fred; Albert=Bert; Arthur=Art; Ronald=Ron; Kenneth=Ken; Raymond=Ray; Terence=Terry; Geoffrey=Geoff;
Philip=Phil; Timothy=Tim; Jonathan=Jon; Leslie=Les; Stanley=Stan; Ernest=Ernie; Harold=Harry; Derek=Del; Gary=Gaz; Gareth=Gaz; Stuart=Stu;
Gordon=Gord; Joshua=Josh; Jacob=Jake; Oliver=Ollie; Harrison=Harry; Archie=Archibald; Theo=Theodore; Freddie=Frederick; Alfie=Alfred;
Charlie=Charles; Harry=Henry; Elizabeth=Liz,Beth,Betty,Lizzie; Margaret=Maggie,Meg,Peggy; Catherine=Cath,Kate,Cathy;
Katherine=Kate,Kathy,Kath; Kathleen=Kath,Kathy; Mary=Molly,Polly; Anne=Annie; Ann=Annie; Sarah=Sally; Jennifer=Jen,Jenny; Susan=Sue,Susie;
Patricia=Pat,Trish; Barbara=Barb,Babs; Deborah=Debbie,Deb; Dorothy=Dot,Dottie; Frances=Fran; Helen=Nell; Jacqueline=Jackie; Jessica=Jess;
Joanne=Jo; Joanna=Asia; Joan=Joanie; Judith=Judy; Julie=Jules; Kimberly=Kim; Nicola=Nicky,Nikki; Pamela=Pam; Rebecca=Becky,Becca;
Rachel=Rach; Rosemary=Rose,Rosie; Samantha=Sam; Sandra=Sandy; Charlotte=Lottie; Caroline=Carrie; Christine=Chris,Chrissie;
Victoria=Vicky,Tori; Stephanie=Steph; Valerie=Val; Emily=Em,Emmy; Amelia=Millie,Amy; Abigail=Abby; Isabella=Bella,Izzy; Olivia=Liv,Livvy;
Matilda=Tilly; Florence=Flo,Florrie; Eleanor=Ellie; Alison=Ali; Amanda=Mandy; Michelle=Shell; Tracey=Trace; Gillian=Gill; Janet=Jan;
Maureen=Mo; Sheila=She; Brenda=Bren; Louise=Lou; Lindsey=Lin; Natalie=Nat; Katarzyna=Kasia; Agnieszka=Aga; Malgorzata=Gosia;
Krzysztof=Chris; Piotr=Peter; Tomasz=Tomek; Aleksandra=Ola; Oluwaseun=Seun; Babatunde=Tunde; Emmanuel=Manny
""")

OTHER_SPELLINGS = _read("""
Mohammed=Muhammad,Mohamed,Mohammad,Muhammed,Md; Muhammad=Mohammed,Mohammad,Muhammed,M; Hussain=Hussein,Husain,Hossain; Ahmed=Ahmad,Ahmet;
Yusuf=Yousuf,Yousef; Ibrahim=Ebrahim; Aisha=Ayesha,Aysha; Ayesha=Aisha; Fatima=Fatimah,Fathima; Zainab=Zaynab,Zeinab;
Maryam=Mariam,Miriam; Chaudhry=Choudhury,Chowdhury,Chaudhary; Choudhury=Chowdhury,Chaudhry; Rahman=Rehman; Sheikh=Shaikh;
Qureshi=Quraishi; Mohamed=Mohammed,Muhammad; Usman=Osman,Uthman; Khadija=Khadijah,Khatija; Pawel=Paweł,Paul; Lukasz=Łukasz,Lucas;
Michal=Michał,Michael; Malgorzata=Małgorzata; Wojcik=Wójcik; Dabrowski=Dąbrowski; Kozlowski=Kozłowski; Szymanski=Szymański;
Wisniewski=Wiśniewski; Zielinski=Zieliński; Kaur=Kour; Singh=Sing; Dhillon=Dillon; Jaspreet=Jasprit; Gurpreet=Gurprit; Abdul=Abdel;
Amina=Aminah; O'Brien=OBrien,O Brien; O'Connor=OConnor,O Connor,Oconner; O'Neill=ONeill,O Neil; McDonald=MacDonald,Mc Donald;
McCarthy=MacCarthy,Mc Carthy; MacKenzie=McKenzie,Mackensie; McGrath=Mc Grath; McKenna=Mc Kenna; Clark=Clarke; Clarke=Clark;
Stephen=Steven; Catherine=Katherine,Kathryn; Ann=Anne; Anne=Ann; Davies=Davis; Thomson=Thompson; Reid=Reed
""")

SIMILAR_TWINS = (
    ("Ella", "Ellie"),
    ("Jack", "Jake"),
    ("Hannah", "Anna"),
    ("Mohammed Ali", "Mohammed Amin"),
    ("Evie", "Eva"),
    ("Daniel", "Danielle"),
    ("Lily", "Lilly-Mae"),
    ("Oliver", "Olivia"),
    ("Mia", "Maya"),
    ("Ryan", "Rian"),
    ("Zain", "Zane"),
    ("Samuel", "Samantha"),
    ("Amy", "Amelia"),
    ("Jayden", "Hayden"),
    ("Taylor", "Tyler"),
)

NEIGHBOURING_KEYS: dict[str, str] = {
    "a": "sqz",
    "b": "vgn",
    "c": "xvd",
    "d": "sfec",
    "e": "wrd",
    "f": "dgr",
    "g": "fht",
    "h": "gjy",
    "i": "uok",
    "j": "hku",
    "k": "jli",
    "l": "ko",
    "m": "nj",
    "n": "bmh",
    "o": "ipl",
    "p": "ol",
    "q": "wa",
    "r": "etf",
    "s": "adw",
    "t": "ryg",
    "u": "yij",
    "v": "cbf",
    "w": "qes",
    "x": "zcs",
    "y": "tuh",
    "z": "xa",
}
