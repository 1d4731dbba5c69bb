"""The tables of ours, a file for each subject. No behaviour: the modules of the same subjects read and write the rows.

``declared`` says of each field whether it is personal, and ``rights`` who may do what with a table; tests fail on what
is missing there.
"""

from borgerblik.models.access import AccessEntry, AccessGrant
from borgerblik.models.cleaning import Cleaning, RetiredFagsystem, Work
from borgerblik.models.decisions import AreaSetting, AuthoritySettings, PolicyVersion, SettingChange
from borgerblik.models.done import Done
from borgerblik.models.kle import KleEdition, KleTopic
from borgerblik.models.powers import PowerOfAttorney
from borgerblik.models.seals import AccessBlock, Block, SettingBlock
from borgerblik.models.told import AccessObjection, ItemReport, Told
from borgerblik.models.usual_times import UsualTime

__all__ = [
    "AccessBlock",
    "AccessEntry",
    "AccessGrant",
    "AccessObjection",
    "AreaSetting",
    "AuthoritySettings",
    "Block",
    "Cleaning",
    "Done",
    "ItemReport",
    "KleEdition",
    "KleTopic",
    "PolicyVersion",
    "PowerOfAttorney",
    "RetiredFagsystem",
    "SettingBlock",
    "SettingChange",
    "Told",
    "UsualTime",
    "Work",
]
