"""The words and UUIDs that are fixed on the wire: roles, types, classes, parts and URNs."""

# Roles and types as in the sample clients that KOMBIT publishes (they are those of its test environment).
CASE_OWNER = "9e979b84-b846-4472-8622-58007dc63c7e"
CASE_RESPONSIBLE = "a1263342-d348-44ba-a566-233f37c4cb67"
CASE_CASEWORKER = "bf1f93ed-9441-4af4-835b-baeb201f3076"
CASE_PRIMARY_PARTY = "d839f26a-d4d1-4441-b2d6-3dbbb12a9404"
CASE_PRIMARY_CLASS = "a86c6581-ec85-412d-a655-31a1f1d5b14f"
CASE_ACTION_CLASS = "05ef7011-11a7-4e4c-a46b-3de6aa457fc3"
SYSTEM_MASTER = "251c24fd-57b0-4afc-9d73-b063d1957eb3"
GRANT_OWNER = "abdf4d3e-f113-4282-b13e-6cd32a82621c"
GRANT_RESPONSIBLE = "fbe1016a-170a-4dea-8652-2813c1a566c0"
GRANT_RECIPIENT = "3102fa7e-f56e-4510-b0d4-1650c590dc3b"
GRANT_CLASS = "ea909030-c5fa-4544-9b22-a0010d08ebe1"
PART_OF = "ccc9d91b-9a4c-4ada-9be4-795ca068e89d"
PAYMENT_OWNER = "a91824c4-da1d-47f9-bce2-5d6597879415"
PAYMENT_UNIT = "a1ff36be-b3fb-4e1f-aac0-9d3313070ecb"
PAYMENT_RECIPIENT = "68d4b903-acae-4f2f-aafc-45bd999ed81f"
TYPE_ORGANISATION = "bc6972cd-8f2b-4b9d-8d37-62916d6a71aa"
TYPE_UNIT = "c5fc3b3b-5197-49ee-92e6-ae6ba1957174"
TYPE_USER = "85d65133-4b00-460d-992e-3984857b5768"
TYPE_PERSON = "c189ba35-de4b-4363-a8b7-67f1456cf56f"
TYPE_CLASS = "267235ea-526d-4a18-8001-f2a0e563eba1"
TYPE_SYSTEM = "29fe1da2-897a-46cd-b635-b9be8e0bffd6"

# These UUIDs were not found in any public source. They are ours, and settings in whoever reads them.
CASE_HIDING_CLASS = "5a1d2f0e-0000-4000-8000-000000000001"  # Visningsklasse, on cases and on documents
CASE_OUTCOME_CLASS = "5a1d2f0e-0000-4000-8000-000000000002"  # Afgørelsesklasse
CASE_SECONDARY_PARTY = "5a1d2f0e-0000-4000-8000-000000000003"  # Sekundær part
CASE_RECORD = "5a1d2f0e-0000-4000-8000-000000000004"  # Journalpost: Tilakteret
CASE_RELATED = "5a1d2f0e-0000-4000-8000-000000000005"  # Sagsrelation: Andre sager
TYPE_CASE = "5a1d2f0e-0000-4000-8000-000000000006"
TYPE_DOCUMENT = "5a1d2f0e-0000-4000-8000-000000000007"
TYPE_GRANT = "5a1d2f0e-0000-4000-8000-0000000000e2"
TYPE_PAYMENT = "5a1d2f0e-0000-4000-8000-0000000000e3"
HANDLING_CHANGED = "5a1d2f0e-0000-4000-8000-0000000000e0"  # ObjektHandling of an event: imported or changed
HANDLING_REMOVED = "5a1d2f0e-0000-4000-8000-0000000000e1"  # and removed (fjern)
EVENT = "5a1d2f0e-0000-4000-8000-0000000000f0"  # Beskedtype
CONFIDENTIAL = "44f4108b-26d4-46de-a90f-35e35b55b8d8"  # Sikkerhedsklassificering, as in KOMBIT's sample
HIDDEN = ("5a1d2f0e-0000-4000-8000-0000000000a1", "Visning undtaget for borger")
OUTCOMES = {
    "granted": ("5a1d2f0e-0000-4000-8000-0000000000b1", "I partens favør"),
    "partly": ("5a1d2f0e-0000-4000-8000-0000000000b2", "Delvis i partens favør"),
    "refused": ("5a1d2f0e-0000-4000-8000-0000000000b3", "Ikke i partens favør"),
    "annulled": ("5a1d2f0e-0000-4000-8000-0000000000b4", "Annulleret"),
}

# The words of Vis, from the schemas.
CASE_PARTS = (
    "egenskaber",
    "fremdrift",
    "sagsklasse",
    "sagsaktoer",
    "sagspart",
    "sagsrelation",
    "sagsgenstand",
    "journalpost",
    "journalpost-journalnote",
    "itsystem",
    "sikkerhedsprofil",
)
DOCUMENT_PARTS = ("egenskaber", "fremdrift", "dokument", "klasse", "aktoer", "part", "itsystem", "sikkerhedsprofil")
GRANT_PARTS = (
    "egenskaber",
    "egenskaberlokaludvidelse",
    "bevilgetydelse",
    "sag",
    "part",
    "aktoer-ejer",
    "aktoer-ansvarlig",
    "sikkerhedsprofil",
)
PAYMENT_PARTS = ("egenskaber", "aktoer", "oekonomiskeydelseeffektueringer", "itsystem")

CPR_URN = "urn:oio:cpr-nr:"
CVR_URN = "urn:oio:cvr-nr:"
KLE_URN = "urn:oio:kle:"
