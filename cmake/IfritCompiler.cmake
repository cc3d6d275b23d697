# SPDX-License-Identifier: Apache-2.0
# One place for the language level, warnings, sanitizers, the linker and the compiler cache.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(IFRIT_CCACHE ccache)
if(IFRIT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness is what ccache's manual asks for with precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1
        "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1)
    if(CMAKE_GENERATOR MATCHES "Ninja" AND CMAKE_HOST_UNIX)
        file(RELATIVE_PATH up "${CMAKE_BINARY_DIR}" "${CMAKE_SOURCE_DIR}/x")
        get_filename_component(up "${up}" DIRECTORY)
        list(APPEND CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_CURRENT_LIST_DIR}/cached_compile"
            "${IFRIT_CCACHE}" "${CMAKE_SOURCE_DIR}" "${up}" "${CMAKE_BINARY_DIR}")
    else()
        list(APPEND CMAKE_CXX_COMPILER_LAUNCHER "${IFRIT_CCACHE}")
    endif()
endif()

find_program(IFRIT_MOLD mold)
find_program(IFRIT_LLD ld.lld)
if(IFRIT_MOLD)
    # Without pages of their own for code mold 1.10 can begin RELRO, where a thread-local of one byte
    # stands first in it, on a page that no segment maps. It is a matter of where the code ends, once
    # in some six hundred programs; that one does not start ("cannot apply additional memory
    # protection after relocation").
    add_link_options(-fuse-ld=mold -Wl,-z,separate-code)
elseif(IFRIT_LLD)
    add_link_options(-fuse-ld=lld)
endif()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # Without it a precompiled header differs each time that it is made, and the cache finds nothing.
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

# Some libraries bring this and some don't; a shared precompiled header wants it of all or none.
add_compile_options(-pthread)

if(IFRIT_SANITIZE)
    add_compile_options(-fsanitize=${IFRIT_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${IFRIT_SANITIZE})
    if(IFRIT_SANITIZE MATCHES "undefined")
        # It looks at an object by way of a pipe: where a test has left no descriptor, every one is bad.
        add_compile_options(-fno-sanitize=vptr)
    endif()
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")  # GCC says it by itself
        foreach(kind ADDRESS THREAD)
            string(TOLOWER ${kind} name)
            if(IFRIT_SANITIZE MATCHES "${name}")
                add_compile_definitions(__SANITIZE_${kind}__)
            endif()
        endforeach()
    endif()
endif()

# What every target of ours is compiled with; generated and third-party code is not.
add_library(ifrit_warnings INTERFACE)
target_compile_options(ifrit_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(ifrit_warnings INTERFACE -Wthread-safety)
endif()
if(IFRIT_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC takes the checks that it puts into std::regex for uses of what is not set (GCC bug 105562).
    target_compile_options(ifrit_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
if(IFRIT_WERROR)
    target_compile_options(ifrit_warnings INTERFACE -Werror)
endif()

if(IFRIT_TIDY)
    find_program(IFRIT_CLANG_TIDY clang-tidy REQUIRED)
    # What moc writes is compiled with our sources and is not ours; without any check it would complain.
    file(WRITE "${CMAKE_BINARY_DIR}/.clang-tidy" "Checks: '-*,misc-misplaced-const'\n")
endif()
