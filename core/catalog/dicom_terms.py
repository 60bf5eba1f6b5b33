"""Terms that may be shown of a DICOM file: whatever else stands in their place could name anyone."""


def _terms(text: str) -> frozenset[str]:
    return frozenset(text.split())


VIEWS = _terms("""
    AP PA LL RL RLD LLD RLO LLO LAT RAO LAO RPO LPO OBL CC MLO ML LM XCC XCCL XCCM FB SIO ISO LMO AT
    CV
""")
"""View Position of projection X-rays and mammograms (DICOM PS3.3 C.8.1.2.1.1, CID 4014)."""
PHOTOMETRIC = _terms("""
    MONOCHROME1 MONOCHROME2 RGB YBR_FULL YBR_FULL_422 YBR_PARTIAL_420 YBR_ICT YBR_RCT
""") | {"PALETTE COLOR"}
BODY_PARTS = _terms("""
    ABDOMEN ABDOMENPELVIS ADRENAL ANKLE AORTA ARM AXILLA BACK BLADDER BRAIN BREAST CALF CALCANEUS
    CAROTID CEREBELLUM  CERVIX CHEST CHESTABDOMEN CHESTABDPELVIS CLAVICLE COCCYX COLON CSPINE
    CTSPINE ELBOW ESOPHAGUS EYE FEMUR  FINGER FOOT FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP
    HUMERUS JAW KIDNEY KNEE LARYNX LEG LIVER LSPINE  LSSPINE LUNG MANDIBLE MAXILLA MEDIASTINUM MOUTH
    NECK NECKCHEST NOSE ORBIT OVARY PANCREAS PAROTID PATELLA  PELVIS PHARYNX PROSTATE RADIUS RECTUM
    RIB SACRUM SCALP SCAPULA SHOULDER SKIN SKULL SPINE SPLEEN SSPINE STERNUM  STOMACH TESTIS THIGH
    THUMB THYMUS THYROID TIBIA TLSPINE TOE TRACHEA TSPINE ULNA UTERUS VAGINA WHOLEBODY WRIST  ZYGOMA
""")
"""Body Part Examined (DICOM PS3.16 annex L)."""
MAKERS = {
    "Agfa": "agfa",
    "Barco": "barco",
    "Canon": "canon",
    "Carestream": "carestream",
    "Carl Zeiss": "zeiss",
    "Esaote": "esaote",
    "Fujifilm": "fuji",
    "GE": r"ge\b|general electric",
    "Heidelberg Engineering": "heidelberg eng",
    "Hitachi": "hitachi",
    "Hologic": "hologic",
    "IMS Giotto": "giotto",
    "Kodak": "kodak",
    "Konica Minolta": "konica",
    "Leica": "leica",
    "Lorad": "lorad",
    "Mindray": "mindray",
    "Nidek": "nidek",
    "Olympus": "olympus",
    "Philips": "philips",
    "Planmed": "planmed",
    "Samsung": "samsung",
    "Shimadzu": "shimadzu",
    "Siemens": "siemens",
    "Sectra": "sectra",
    "Topcon": "topcon",
    "Toshiba": "toshiba",
    "United Imaging": "united imaging",
    "Varian": "varian",
    "Hamamatsu": "hamamatsu",
    "3DHISTECH": "3dhistech",
    "Picker": "picker",
}
"""Manufacturers, and how their tag begins (a pattern, in small letters)."""
MODEL_WORDS = _terms("""
    3d access acuson advia affirm allura amulet aplio aquilion aristos artis avanto axiom azurion
    biograph bright brightspeed brilliance brivo care cirrus classic clinac clisis cr crystal ct
    definition definium desktop diamond digital digitaldiagnost dimensions discovery dr drx ds
    dynamic edge emotion epiq essenta essential excite fd flash fluorospot force fusion galan gemini
    genesis giotto go hd hispeed ict ii iii infinia ingenia innova inspiration intera intevo iv
    lightspeed logiq lumify luminos mammo mammomat mobile mobilediagnost mobilett mr multix nova
    nuance one optima panorama performa plus precision prime prisma pristina pro proteus quantum
    revolution scenaria scope selenia senograph senographe sensation signa skyra sola somatom sono
    sonos spectra spectral spectralis speed spirit symbia symphony system titan trio triumph turbo
    ultima venue verio versa viewer vision vivid voluson xario xpert xr ysio
""")
"""Words of which the names of devices are made, in small letters."""
