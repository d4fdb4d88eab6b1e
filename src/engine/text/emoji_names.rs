//! Names of the emoji that [`EMOJI_WORDS`](super::emoji_words::EMOJI_WORDS) has no word for, and of flags.
//!
//! Written by `tools/emoji-names.mjs` from Unicode's short names; change that, not this file.

/// A line for each emoji: the emoji and the words of its name, ordered by code point.
pub(super) const NAMES: &str = "\
©copyright
®registered
‼double exclamation mark
⁉exclamation question mark
™trade mark
↔left right arrow
↕up down arrow
↖up left arrow
↗up right arrow
↘down right arrow
↙down left arrow
↩right arrow curving
↪left arrow curving
⌨keyboard
⏏eject
⏩fast forward
⏪fast reverse
⏫fast up
⏬fast down
⏭next
⏮last
⏯play or pause
⏱stopwatch
⏲timer clock
⏸pause
⏹stop
⏺record
▪black square
▫white square
◀reverse
◻white square
◼black square
◽white square
◾black square
☎telephone
☘shamrock
☦orthodox cross
☸wheel dharma
♈aries
♉taurus
♊gemini
♋cancer
♌leo
♍virgo
♎libra
♏scorpio
♐sagittarius
♑capricorn
♒aquarius
♓pisces
♟chess pawn
♠spade suit
♣club suit
♦diamond suit
♨hot springs
⚒hammer pick
⚗alembic
⚙gear
⚛atom
⚜fleur de lis
⚧transgender
⚪white circle
⚫black circle
⛎ophiuchus
⛏pick
⛩shinto shrine
⛱umbrella ground
⛲fountain
⛴ferry
⛵sailboat
⛸ice skate
⛽fuel pump
✂scissors
✉envelope
✒black nib
✳asterisk
❇sparkle
➕plus
➖minus
➗divide
➰curly loop
➿double curly loop
⤴right arrow curving
⤵right arrow curving
⬛black square
⬜white square
〰wavy dash
〽part alternation mark
🀄mahjong red dragon
🃏joker
🌡thermometer
🌰chestnut
🌽ear corn
🍈melon
🍐pear
🍘rice cracker
🍛curry rice
🍠roasted sweet potato
🍡dango
🍢oden
🍤fried shrimp
🍥fish cake swirl
🍧shaved ice
🍮custard
🍯honey pot
🍶sake
🎗reminder ribbon
🎙studio microphone
🎚level slider
🎛control knobs
🎞film frames
🎣fishing pole
🎦cinema
🎱pool 8 ball
🎳bowling
🎴flower playing cards
🎷saxophone
🎽running shirt
🏐volleyball
🏑field hockey
🏓ping pong
🏕camping
🏗building construction
🏘houses
🏚derelict house
🏛classical building
🏜desert
🏞national park
🏟stadium
🏢office building
🏣post office
🏤post office
🏦bank
🏨hotel
🏪convenience store
🏬department store
🏭factory
🏮red paper lantern
🏯castle
🏰castle
🏵rosette
🏷label
🏸badminton
🏺amphora
🐂ox
🐃water buffalo
🐅tiger
🐆leopard
🐋whale
🐌snail
🐏ram
🐓rooster
🐗boar
🐚spiral shell
🐡blowfish
🐪camel
🐫two hump camel
🐹hamster
👔necktie
👕t shirt
👖jeans
👘kimono
👛purse
👝clutch bag
👞man shoe
👡woman sandal
💈barber pole
💠diamond dot
💡light bulb
💮white flower
💱currency exchange
💴yen banknote
💶euro banknote
💷pound banknote
💹chart increasing yen
💺seat
💽computer disk
💾floppy disk
📀dvd
📁file folder
📂open file folder
📃page curl
📄page up
📆tear off calendar
📇card index
📊bar chart
📋clipboard
📍round pushpin
📎paperclip
📏straight ruler
📐triangular ruler
📑bookmark tabs
📒ledger
📓notebook
📔notebook decorative cover
📕closed book
📗green book
📘blue book
📙orange book
📛name badge
📜scroll
📟pager
📠fax machine
📡satellite antenna
📤outbox tray
📥inbox tray
📦package
📧e mail
📨incoming envelope
📩envelope arrow
📪closed mailbox lowered
📫closed mailbox raised
📬open mailbox raised
📭open mailbox lowered
📮postbox
📯postal horn
📲mobile phone arrow
📳vibration mode
📴mobile phone off
📵no mobile phones
📶antenna bars
📹video camera
📼videocassette
📽film projector
📿prayer beads
🔀shuffle
🔅dim
🔆bright
🔇muted speaker
🔈speaker low volume
🔉speaker volume
🔌electric plug
🔍magnifying glass tilted
🔎magnifying glass tilted
🔏locked pen
🔐locked key
🔑key
🔓unlocked
🔕bell slash
🔖bookmark
🔘radio
🔠uppercase
🔡lowercase
🔢numbers
🔣symbols
🔤letters
🔦flashlight
🔧wrench
🔩nut bolt
🔬microscope
🔭telescope
🔯dotted star
🔰beginner
🔱trident emblem
🔲black square
🔳white square
🔴red circle
🔵blue circle
🔶orange diamond
🔷blue diamond
🔸orange diamond
🔹blue diamond
🔺red triangle up
🔻red triangle down
🔼upwards
🔽downwards
🕉om
🕋kaaba
🕌mosque
🕍synagogue
🕎menorah
🕐one oclock
🕑two oclock
🕒three oclock
🕓four oclock
🕔five oclock
🕕oclock
🕖seven oclock
🕗oclock
🕘nine oclock
🕙ten oclock
🕚eleven oclock
🕛twelve oclock
🕜one thirty
🕝two thirty
🕞three thirty
🕟four thirty
🕠five thirty
🕡thirty
🕢seven thirty
🕣thirty
🕤nine thirty
🕥ten thirty
🕦eleven thirty
🕧twelve thirty
🕰mantelpiece clock
🕶sunglasses
🕹joystick
🖇linked paperclips
🖊pen
🖋fountain pen
🖌paintbrush
🖍crayon
🖥desktop computer
🖨printer
🖱computer mouse
🖲trackball
🖼framed picture
🗂card index dividers
🗃card file box
🗄file cabinet
🗑wastebasket
🗒spiral notepad
🗓spiral calendar
🗜clamp
🗝old key
🗞rolled up newspaper
🗺world map
🗼tokyo tower
🗾map japan
🗿moai
🚃railway car
🚄high speed train
🚅bullet train
🚆train
🚇metro
🚈light rail
🚉station
🚊tram
🚋tram car
🚍oncoming bus
🚎trolleybus
🚏bus stop
🚐minibus
🚕taxi
🚖oncoming taxi
🚛articulated lorry
🚜tractor
🚝monorail
🚞mountain railway
🚟suspension railway
🚠mountain cableway
🚡aerial tramway
🚤speedboat
🚥horizontal traffic light
🚦vertical traffic light
🚪door
🚮litter bin
🚯no littering
🚰potable water
🚱non potable water
🚳no bicycles
🚷no pedestrians
🚸children crossing
🛁bathtub
🛂passport control
🛃customs
🛄baggage claim
🛅left luggage
🛋couch lamp
🛎bellhop bell
🛏bed
🛑stop
🛕hindu temple
🛖hut
🛗elevator
🛘landslide
🛜wireless
🛝playground slide
🛞wheel
🛟ring buoy
🛠hammer wrench
🛢oil drum
🛣motorway
🛤railway
🛥motor boat
🛩airplane
🛫airplane departure
🛬airplane arrival
🛰satellite
🛳passenger ship
🛴kick scooter
🛵motor scooter
🛶canoe
🛷sled
🛸flying saucer
🛹skateboard
🛺auto rickshaw
🛻pickup truck
🛼roller skate
🟠orange circle
🟡yellow circle
🟢green circle
🟣purple circle
🟤brown circle
🟥red square
🟦blue square
🟧orange square
🟨yellow square
🟩green square
🟪purple square
🟫brown square
🟰equals
🤿diving mask
🥄spoon
🥅goal net
🥋martial arts uniform
🥌curling stone
🥍lacrosse
🥎softball
🥏flying disc
🥐croissant
🥒cucumber
🥔potato
🥕carrot
🥖baguette bread
🥘shallow pan food
🥙stuffed flatbread
🥚egg
🥛glass milk
🥜peanuts
🥝kiwi fruit
🥟dumpling
🥠fortune cookie
🥡takeout box
🥢chopsticks
🥣bowl spoon
🥤cup straw
🥥coconut
🥦broccoli
🥧pie
🥨pretzel
🥩cut meat
🥪sandwich
🥫canned food
🥬leafy green
🥭mango
🥮moon cake
🥯bagel
🥻sari
🥼lab coat
🥽goggles
🥾hiking boot
🥿flat shoe
🦂scorpion
🦆duck
🦍gorilla
🦎lizard
🦏rhinoceros
🦐shrimp
🦑squid
🦒giraffe
🦓zebra
🦔hedgehog
🦕sauropod
🦗cricket
🦘kangaroo
🦙llama
🦚peacock
🦛hippopotamus
🦜parrot
🦝raccoon
🦞lobster
🦟mosquito
🦡badger
🦢swan
🦣mammoth
🦤dodo
🦥sloth
🦦otter
🦧orangutan
🦨skunk
🦩flamingo
🦪oyster
🦫beaver
🦬bison
🦭seal
🦮guide dog
🦯white cane
🦴bone
🦵leg
🦶foot
🦷tooth
🦺safety vest
🦻ear hearing aid
🦼motorized wheelchair
🦽manual wheelchair
🦿mechanical leg
🧂salt
🧃beverage box
🧄garlic
🧅onion
🧆falafel
🧇waffle
🧈butter
🧉mate
🧊ice
🧋bubble tea
🧢billed cap
🧣scarf
🧤gloves
🧥coat
🧦socks
🧩puzzle piece
🧪test tube
🧫petri dish
🧬dna
🧭compass
🧮abacus
🧯fire extinguisher
🧰toolbox
🧱brick
🧲magnet
🧳luggage
🧴lotion bottle
🧵thread
🧶yarn
🧷safety pin
🧹broom
🧺basket
🧼soap
🧽sponge
🧾receipt
🩰ballet shoes
🩱one piece swimsuit
🩲briefs
🩳shorts
🩴thong sandal
🩹adhesive bandage
🩺stethoscope
🩻x ray
🩼crutch
🪀yo yo
🪁kite
🪂parachute
🪃boomerang
🪆nesting dolls
🪇maracas
🪈flute
🪉harp
🪊trombone
🪎treasure chest
🪏shovel
🪐ringed planet
🪑chair
🪒razor
🪓axe
🪔diya lamp
🪕banjo
🪗accordion
🪘long drum
🪙coin
🪚carpentry saw
🪛screwdriver
🪜ladder
🪝hook
🪞mirror
🪟window
🪠plunger
🪡sewing needle
🪢knot
🪣bucket
🪤mouse trap
🪥toothbrush
🪧placard
🪨rock
🪪identification card
🪫low battery
🪮hair pick
🪯khanda
🪰fly
🪱worm
🪴potted plant
🪵wood
🪶feather
🪷lotus
🪸coral
🪹empty nest
🪺nest eggs
🪻hyacinth
🪼jellyfish
🪾leafless tree
🪿goose
🫁lungs
🫆fingerprint
🫍orca
🫎moose
🫏donkey
🫐blueberries
🫑bell pepper
🫒olive
🫓flatbread
🫔tamale
🫕fondue
🫖teapot
🫗pouring liquid
🫘beans
🫙jar
🫚ginger root
🫛pea pod
🫜root vegetable
🫧bubbles
";

/// A line for each flag: the two letters of the region and the words of its name, ordered.
pub(super) const REGIONS: &str = "\
ACascension island
ADandorra
AEunited arab emirates
AFafghanistan
AGantigua barbuda
AIanguilla
ALalbania
AMarmenia
AOangola
AQantarctica
ARargentina
ASamerican samoa
ATaustria
AUaustralia
AWaruba
AXaland islands
AZazerbaijan
BAbosnia herzegovina
BBbarbados
BDbangladesh
BEbelgium
BFburkina faso
BGbulgaria
BHbahrain
BIburundi
BJbenin
BLst barthelemy
BMbermuda
BNbrunei
BObolivia
BQcaribbean netherlands
BRbrazil
BSbahamas
BTbhutan
BVbouvet island
BWbotswana
BYbelarus
BZbelize
CAcanada
CCcocos islands
CDcongo kinshasa
CFcentral african republic
CGcongo brazzaville
CHswitzerland
CIcote divoire
CKcook islands
CLchile
CMcameroon
CNchina
COcolombia
CPclipperton island
CQsark
CRcosta rica
CUcuba
CVcape verde
CWcuracao
CXchristmas island
CYcyprus
CZczechia
DEgermany
DGdiego garcia
DJdjibouti
DKdenmark
DMdominica
DOdominican republic
DZalgeria
EAceuta melilla
ECecuador
EEestonia
EGegypt
EHwestern sahara
EReritrea
ESspain
ETethiopia
EUeuropean union
FIfinland
FJfiji
FKfalkland islands
FMmicronesia
FOfaroe islands
FRfrance
GAgabon
GBunited kingdom
GDgrenada
GEgeorgia
GFfrench guiana
GGguernsey
GHghana
GIgibraltar
GLgreenland
GMgambia
GNguinea
GPguadeloupe
GQequatorial guinea
GRgreece
GSsouth georgia south
GTguatemala
GUguam
GWguinea bissau
GYguyana
HKhong kong sar
HMheard mcdonald islands
HNhonduras
HRcroatia
HThaiti
HUhungary
ICcanary islands
IDindonesia
IEireland
ILisrael
IMisle man
INindia
IObritish indian ocean
IQiraq
IRiran
ISiceland
ITitaly
JEjersey
JMjamaica
JOjordan
JPjapan
KEkenya
KGkyrgyzstan
KHcambodia
KIkiribati
KMcomoros
KNst kitts nevis
KPnorth korea
KRsouth korea
KWkuwait
KYcayman islands
KZkazakhstan
LAlaos
LBlebanon
LCst lucia
LIliechtenstein
LKsri lanka
LRliberia
LSlesotho
LTlithuania
LUluxembourg
LVlatvia
LYlibya
MAmorocco
MCmonaco
MDmoldova
MEmontenegro
MFst martin
MGmadagascar
MHmarshall islands
MKnorth macedonia
MLmali
MMmyanmar
MNmongolia
MOmacao sar china
MPnorthern mariana islands
MQmartinique
MRmauritania
MSmontserrat
MTmalta
MUmauritius
MVmaldives
MWmalawi
MXmexico
MYmalaysia
MZmozambique
NAnamibia
NCnew caledonia
NEniger
NFnorfolk island
NGnigeria
NInicaragua
NLnetherlands
NOnorway
NPnepal
NRnauru
NUniue
NZnew zealand
OMoman
PApanama
PEperu
PFfrench polynesia
PGpapua new guinea
PHphilippines
PKpakistan
PLpoland
PMst pierre miquelon
PNpitcairn islands
PRpuerto rico
PSpalestinian territories
PTportugal
PWpalau
PYparaguay
QAqatar
REreunion
ROromania
RSserbia
RUrussia
RWrwanda
SAsaudi arabia
SBsolomon islands
SCseychelles
SDsudan
SEsweden
SGsingapore
SHst helena
SIslovenia
SJsvalbard jan mayen
SKslovakia
SLsierra leone
SMsan marino
SNsenegal
SOsomalia
SRsuriname
SSsouth sudan
STsao tome principe
SVel salvador
SXsint maarten
SYsyria
SZeswatini
TAtristan da cunha
TCturks caicos islands
TDchad
TFfrench southern territories
TGtogo
THthailand
TJtajikistan
TKtokelau
TLtimor leste
TMturkmenistan
TNtunisia
TOtonga
TRturkiye
TTtrinidad tobago
TVtuvalu
TWtaiwan
TZtanzania
UAukraine
UGuganda
UMus outlying islands
UNunited nations
USunited states
UYuruguay
UZuzbekistan
VAvatican city
VCst vincent grenadines
VEvenezuela
VGbritish virgin islands
VIus virgin islands
VNvietnam
VUvanuatu
WFwallis futuna
WSsamoa
XKkosovo
YEyemen
YTmayotte
ZAsouth africa
ZMzambia
ZWzimbabwe
";
