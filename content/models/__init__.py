"""Pages that editors write. They show numbers of other apps and own none."""

from content.models.consent import ConsentScope, StoryConsent
from content.models.facts import FirstPage, NumberName, PageWords, PublicNumber
from content.models.pages import (
    CropGuidePage,
    GuidePage,
    HelpPage,
    HomePage,
    IndexPage,
    NoticePage,
    PolicyPage,
)
from content.models.pictures import SitePicture, SitePictureSize
from content.models.stories import NoConsent, VillageStoryPage

__all__ = [
    "ConsentScope",
    "CropGuidePage",
    "FirstPage",
    "GuidePage",
    "HelpPage",
    "HomePage",
    "IndexPage",
    "NoConsent",
    "NoticePage",
    "NumberName",
    "PageWords",
    "PolicyPage",
    "PublicNumber",
    "SitePicture",
    "SitePictureSize",
    "StoryConsent",
    "VillageStoryPage",
]
