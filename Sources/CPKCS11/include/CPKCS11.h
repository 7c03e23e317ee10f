// The part of PKCS #11 (OASIS, version 2.40, and the Edwards curves of 3.0) that this program calls.
//
// Written from the standard's text; it declares types and no code. Modules are loaded at run time.
// On Unix the standard asks for the platform's own alignment of structures, which is what C does.
#ifndef PRATIQUE_CPKCS11_H
#define PRATIQUE_CPKCS11_H

typedef unsigned char CK_BYTE;
typedef unsigned char CK_BBOOL;
typedef unsigned char CK_UTF8CHAR;
typedef unsigned long CK_ULONG;

typedef CK_ULONG CK_RV;
typedef CK_ULONG CK_FLAGS;
typedef CK_ULONG CK_SLOT_ID;
typedef CK_ULONG CK_SESSION_HANDLE;
typedef CK_ULONG CK_OBJECT_HANDLE;
typedef CK_ULONG CK_USER_TYPE;
typedef CK_ULONG CK_ATTRIBUTE_TYPE;
typedef CK_ULONG CK_MECHANISM_TYPE;

typedef struct CK_VERSION {
    CK_BYTE major;
    CK_BYTE minor;
} CK_VERSION;

/// What a token says of itself (section 3.2).
typedef struct CK_TOKEN_INFO {
    CK_UTF8CHAR label[32];
    CK_UTF8CHAR manufacturerID[32];
    CK_UTF8CHAR model[16];
    CK_UTF8CHAR serialNumber[16];
    CK_FLAGS flags;
    CK_ULONG ulMaxSessionCount;
    CK_ULONG ulSessionCount;
    CK_ULONG ulMaxRwSessionCount;
    CK_ULONG ulRwSessionCount;
    CK_ULONG ulMaxPinLen;
    CK_ULONG ulMinPinLen;
    CK_ULONG ulTotalPublicMemory;
    CK_ULONG ulFreePublicMemory;
    CK_ULONG ulTotalPrivateMemory;
    CK_ULONG ulFreePrivateMemory;
    CK_VERSION hardwareVersion;
    CK_VERSION firmwareVersion;
    CK_UTF8CHAR utcTime[16];
} CK_TOKEN_INFO;

/// One attribute of an object (section 3.3).
typedef struct CK_ATTRIBUTE {
    CK_ATTRIBUTE_TYPE type;
    void *pValue;
    CK_ULONG ulValueLen;
} CK_ATTRIBUTE;

/// A mechanism and its parameter (section 3.5).
typedef struct CK_MECHANISM {
    CK_MECHANISM_TYPE mechanism;
    void *pParameter;
    CK_ULONG ulParameterLen;
} CK_MECHANISM;

/// How a module may use threads (section 3.7).
typedef struct CK_C_INITIALIZE_ARGS {
    void *CreateMutex;
    void *DestroyMutex;
    void *LockMutex;
    void *UnlockMutex;
    CK_FLAGS flags;
    void *pReserved;
} CK_C_INITIALIZE_ARGS;

/// A function that stands in the list only to keep its place.
typedef CK_RV (*CPKCS11_UNUSED)(void);

/// The functions of a module, in the order of the standard (section 3.6).
typedef struct CK_FUNCTION_LIST {
    CK_VERSION version;
    CK_RV (*C_Initialize)(CK_C_INITIALIZE_ARGS *arguments);
    CK_RV (*C_Finalize)(void *reserved);
    CPKCS11_UNUSED C_GetInfo;
    CPKCS11_UNUSED C_GetFunctionList;
    CK_RV (*C_GetSlotList)(CK_BBOOL withToken, CK_SLOT_ID *slots, CK_ULONG *count);
    CPKCS11_UNUSED C_GetSlotInfo;
    CK_RV (*C_GetTokenInfo)(CK_SLOT_ID slot, CK_TOKEN_INFO *info);
    CPKCS11_UNUSED C_GetMechanismList;
    CPKCS11_UNUSED C_GetMechanismInfo;
    CPKCS11_UNUSED C_InitToken;
    CPKCS11_UNUSED C_InitPIN;
    CPKCS11_UNUSED C_SetPIN;
    CK_RV (*C_OpenSession)(CK_SLOT_ID slot, CK_FLAGS flags, void *application, void *notify, CK_SESSION_HANDLE *session);
    CK_RV (*C_CloseSession)(CK_SESSION_HANDLE session);
    CK_RV (*C_CloseAllSessions)(CK_SLOT_ID slot);
    CPKCS11_UNUSED C_GetSessionInfo;
    CPKCS11_UNUSED C_GetOperationState;
    CPKCS11_UNUSED C_SetOperationState;
    CK_RV (*C_Login)(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length);
    CK_RV (*C_Logout)(CK_SESSION_HANDLE session);
    CPKCS11_UNUSED C_CreateObject;
    CPKCS11_UNUSED C_CopyObject;
    CPKCS11_UNUSED C_DestroyObject;
    CPKCS11_UNUSED C_GetObjectSize;
    CK_RV (*C_GetAttributeValue)(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes, CK_ULONG count);
    CPKCS11_UNUSED C_SetAttributeValue;
    CK_RV (*C_FindObjectsInit)(CK_SESSION_HANDLE session, CK_ATTRIBUTE *attributes, CK_ULONG count);
    CK_RV (*C_FindObjects)(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG most, CK_ULONG *count);
    CK_RV (*C_FindObjectsFinal)(CK_SESSION_HANDLE session);
    CPKCS11_UNUSED C_EncryptInit;
    CPKCS11_UNUSED C_Encrypt;
    CPKCS11_UNUSED C_EncryptUpdate;
    CPKCS11_UNUSED C_EncryptFinal;
    CPKCS11_UNUSED C_DecryptInit;
    CPKCS11_UNUSED C_Decrypt;
    CPKCS11_UNUSED C_DecryptUpdate;
    CPKCS11_UNUSED C_DecryptFinal;
    CPKCS11_UNUSED C_DigestInit;
    CPKCS11_UNUSED C_Digest;
    CPKCS11_UNUSED C_DigestUpdate;
    CPKCS11_UNUSED C_DigestKey;
    CPKCS11_UNUSED C_DigestFinal;
    CK_RV (*C_SignInit)(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
    CK_RV (*C_Sign)(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG count, CK_BYTE *signature, CK_ULONG *length);
    // Twenty-four more follow, which this program does not call; the list is only ever read from the module's memory.
} CK_FUNCTION_LIST;

/// The one symbol that a module must export (section 5.4).
typedef CK_RV (*CPKCS11_GET_FUNCTION_LIST)(const CK_FUNCTION_LIST **list);

#endif
