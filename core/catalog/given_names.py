"""Common given names, by which a file name that holds a person's name is recognised.

Left out: those that are words of medicine (Polycythaemia Vera, Charcot-Marie-Tooth, Marcus Gunn, Rosa,
Claude) or of file names (Iris, Grace, Art, Mark, May, Will, Max, Sky).
"""

_NAMES = """
    aaron abdul abdullah adam adrian agnes ahmed aisha alan albert alejandro alessandro alexander alexandra
    alfred ali alice alicia alison amanda amelia amina amir amy ana andrea andreas andrew andrzej angela
    anita ann anna anne annette anthony antoine antonio arthur ashley barbara beatrice benjamin bernard
    bernd beth betty bianca birgit brandon brenda brian bridget bruce bruno camille carla carlos carmen
    carol caroline carolyn catherine charles charlotte chen cheryl chiara christian christina christine
    christopher claire claudia clara colin craig cristina cynthia daniel daniela david deborah denise
    dennis diana diane diego dieter dimitri dmitri dominik donald donna dorothy douglas edith eduardo edward
    elena eleanor elisabeth elizabeth ella ellen emily emma eric erik erika ernst eva evelyn fatima federico
    felix fernando florian francesca francesco francis francisco francois frank franz fred frederick
    friedrich fritz gabriel gabriele gabriela george georg gerald gerard gerhard gertrud giovanni giulia
    gloria gregory guillaume gunter gustav hans harald harold harry hassan heather heidi heinrich heinz
    helen helena helga henri henry herbert hermann hiroshi hussein ibrahim igor ingrid irene irina isabel
    isabella ivan jack jacob jacqueline jakob james jan jane janet janine jason javier jean jennifer jeremy
    jessica jesus joan johan johann johannes john jonas jonathan jorge jose josef joseph joshua juan judith
    julia julian julie juliane jurgen justin karen karin karl katarzyna katharina katherine kathleen
    katrin keith kelly kenneth kenji kevin kimberly klaus krzysztof kurt larry lars laura lauren leonardo
    leonie linda lisa lorenzo lothar louis louise luca lucas lucia ludwig luigi luis lukas magdalena
    manfred manuel manuela marco margaret maria mariam mario marion marta martha martin martina
    mary maryam matteo matthew matthias maurice melanie melissa michael michel michelle miguel mohamed
    mohammad mohammed monica monika muhammad mustafa nancy natalia natalie nathan nicholas nicolas nicole
    nikolai nina norbert olga oliver olivia omar oscar otto pablo pamela paola paolo patricia patrick paul
    paula pedro peter petra philip philipp philippe pierre piotr rachel rafael rainer ralf ralph raymond
    rebecca renate ricardo richard robert roberto roger roland ronald rudolf russell ruth ryan sabine
    salma samantha samuel sandra sara sarah sebastian sergei sergio sharon silvia simon simone sofia sophia
    sophie stefan stefanie stephanie stephen steven susan susanne sven svetlana sylvia takashi tanja tatiana
    teresa theodor theresa thomas tiffany timothy tobias tomasz udo ulrich ulrike ursula uwe valentina
    valerie vanessa veronica victor victoria viktor vincent vladimir walter wei werner wilhelm william
    wolfgang yasmin yusuf yves zainab
"""
GIVEN_NAMES = frozenset(_NAMES.split())
