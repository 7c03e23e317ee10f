// Holds the order of the function list to the standard's: the place of each function that is called, counted from the
// version, which takes the room of one pointer.
#include <stddef.h>

#include "CPKCS11.h"

#define AT(function, place) \
    _Static_assert(offsetof(CK_FUNCTION_LIST, function) == (place) * sizeof(void *), #function " is out of place")

AT(C_Initialize, 1);
AT(C_Finalize, 2);
AT(C_GetSlotList, 5);
AT(C_GetTokenInfo, 7);
AT(C_OpenSession, 13);
AT(C_CloseSession, 14);
AT(C_CloseAllSessions, 15);
AT(C_Login, 19);
AT(C_Logout, 20);
AT(C_GetAttributeValue, 25);
AT(C_FindObjectsInit, 27);
AT(C_FindObjects, 28);
AT(C_FindObjectsFinal, 29);
AT(C_SignInit, 43);
AT(C_Sign, 44);
