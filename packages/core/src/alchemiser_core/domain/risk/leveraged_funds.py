"""Funds that move a multiple of their index in a day, with that multiple: data, not advice.

The list holds the funds that are commonly traded under the names given by their issuers (Direxion,
ProShares, MicroSectors, T-Rex, GraniteShares). It is not complete: `[risk.leveraged_funds]` adds
to it. A factor is the size of the daily multiple, whatever its direction: an inverse fund of three
times has 3. An inverse fund of one time is not leveraged.
"""

from collections.abc import Mapping
from decimal import Decimal

from alchemiser_core.domain.symbol import Symbol

_BY_FACTOR: Mapping[str, str] = {
    "3": """
        TQQQ SQQQ UPRO SPXU SPXL SPXS UDOW SDOW URTY SRTY TNA TZA MIDU
        SOXL SOXS TECL TECS FAS FAZ LABU LABD CURE RETL DRN DRV NAIL DPST DFEN DUSL WANT TPOR UTSL
        PILL HIBL HIBS WEBL WEBS TMF TMV TYD TYO TTT
        EDC EDZ YINN YANG EURL KORU MEXX
        FNGU FNGD BULZ BERZ GDXU GDXD NRGU NRGD BNKU BNKD OILU OILD SHNY DULL
    """,
    "2": """
        QLD QID SSO SDS DDM DXD UWM TWM MVV MZZ SAA SDD
        ROM REW USD SSG UYG SKF BIB BIS RXL RXD URE SRS DIG DUG ERX ERY UYM SMN UXI SIJ UCC SCC UGE
        SZK UPW SDP UBT TBT UST PST
        AGQ ZSL UGL GLL UCO SCO BOIL KOLD NUGT DUST JNUG JDST GUSH DRIP
        EFO EFU EET EEV EZJ EWV UPV EPV XPP FXP UBR CHAU CWEB INDL
        SPUU QQQU MAGX TARK CLDL UBOT FNGO UVIX BITX BITU SBIT ETHU ETHT ETHD
        TSLL TSLT TSLR TSLZ TSLQ NVDL NVDU NVDX NVDQ NVD AAPU MSFU AMZU GGLL METU FBL AMDL AMUU
        CONL MSTX MSTU MSTZ PLTU
    """,
    "1.5": "UVXY",
}

LEVERAGED_FUNDS: Mapping[Symbol, Decimal] = {
    Symbol(ticker): Decimal(factor)
    for factor, tickers in _BY_FACTOR.items()
    for ticker in tickers.split()
}
"""The daily multiple of each fund that is known, always above 1."""
