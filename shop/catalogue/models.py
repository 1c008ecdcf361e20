from oscar.apps.catalogue.models import *  # noqa: F403  # Oscar's tables as they are
