import pytest
from django.db import IntegrityError

from growers.models import Region


@pytest.mark.django_db
def test_region_code_has_12_digits():
    with pytest.raises(IntegrityError):
        Region.objects.create(code="62", level="city", name_zh="陇南市")
