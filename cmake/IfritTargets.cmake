# SPDX-License-Identifier: Apache-2.0
# One helper per kind of target. Source lists are explicit; an alias Ifrit::Name is what others link.

# What the thread sanitizer must be told of libraries that are built without it, for each program.
if(IFRIT_SANITIZE MATCHES "thread")
    add_library(ifrit_abseil_order OBJECT
        "${CMAKE_SOURCE_DIR}/tests/support/sanitizer/abseil_order.cpp")
    target_link_libraries(ifrit_abseil_order PRIVATE Ifrit::Absl ifrit_warnings)
endif()

function(ifrit_common target)
    target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE ifrit_warnings)
    # Qt's habits; harmless where Qt is not linked.
    target_compile_definitions(${target} PRIVATE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII
        QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING)
    if(IFRIT_TIDY)
        set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "${IFRIT_CLANG_TIDY};--quiet")
    endif()
    get_target_property(type ${target} TYPE)
    if(TARGET ifrit_abseil_order AND type STREQUAL "EXECUTABLE")
        target_link_libraries(${target} PRIVATE ifrit_abseil_order Ifrit::Absl)
    endif()
endfunction()

# Which of them are compiled as one: a list of "GROUP SOURCE". cmake/join_sources.py says it, when CMake
# runs: where two of them have come to define the same name since, let it run again. What it said of
# the same sources before is kept: most of a configuration would be to start it a hundred times.
function(ifrit_groups variable)
    list(LENGTH ARGN count)
    if(count EQUAL 1)
        set(${variable} "0 ${ARGN}" PARENT_SCOPE)
        return()
    endif()
    set(script "${CMAKE_SOURCE_DIR}/cmake/join_sources.py")
    set(asked "${IFRIT_JOINED} ${ARGN}")
    foreach(source IN LISTS script ARGN)
        cmake_path(ABSOLUTE_PATH source)
        file(SHA256 "${source}" hash)
        string(APPEND asked " ${hash}")
    endforeach()
    string(SHA256 asked "${asked}")
    set(kept "${CMAKE_BINARY_DIR}/joined/${asked}")
    if(EXISTS "${kept}")
        file(READ "${kept}" groups)
    else()
        execute_process(COMMAND "${Python3_EXECUTABLE}" -IS "${script}" ${IFRIT_JOINED} ${ARGN}
            WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" OUTPUT_VARIABLE groups
            OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
        file(WRITE "${kept}" "${groups}")
    endif()
    string(REPLACE "\n" ";" groups "${groups}")
    set(${variable} "${groups}" PARENT_SCOPE)
endfunction()

# Compiles up to IFRIT_JOINED sources of a target as one: most of what the compiler does for a source
# of ours is to read what it includes.
function(ifrit_join target)
    cmake_parse_arguments(arg "" "" "ALONE" ${ARGN})
    if(NOT IFRIT_JOINED)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    if(arg_ALONE)
        list(REMOVE_ITEM sources ${arg_ALONE})
    endif()
    ifrit_groups(groups ${sources})
    foreach(line IN LISTS groups)
        string(REGEX MATCH "^([0-9]+) (.*)$" line "${line}")
        set_source_files_properties("${CMAKE_MATCH_2}" PROPERTIES UNITY_GROUP "joined_${CMAKE_MATCH_1}")
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

# ifrit_library(master_release ALIAS MasterRelease SOURCES a.cpp PUBLIC Ifrit::Base PRIVATE ...
#     [ALONE a.cpp]    sources that are never joined with others
#     [HEADERS status|wire|qt|widgets|test|none]     see IfritHeaders.cmake; default status
#     [OPTIMISED])    also where nothing else is, for tests spend much time in it; of HEADERS qt so far
if(IFRIT_JOINED AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    set(IFRIT_OPTIMISES ON)
endif()
function(ifrit_library target)
    cmake_parse_arguments(arg "MOC;OPTIMISED" "ALIAS;HEADERS" "SOURCES;ALONE;PUBLIC;PRIVATE" ${ARGN})
    if(NOT arg_HEADERS)
        set(arg_HEADERS status)
    endif()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "ifrit_library(${target}): unknown ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(arg_SOURCES)
        add_library(${target} STATIC ${arg_SOURCES})
        ifrit_common(${target})
        if(arg_OPTIMISED AND IFRIT_OPTIMISES)
            target_compile_options(${target} PRIVATE -O1)
            string(PREPEND arg_HEADERS "optimised_")
        endif()
        ifrit_join(${target} ALONE ${arg_ALONE})
        target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
        ifrit_use_headers(${target} ${arg_HEADERS})
        if(arg_MOC)
            set_target_properties(${target} PROPERTIES AUTOMOC ON)
        endif()
    else()
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE "${CMAKE_SOURCE_DIR}")
        target_link_libraries(${target} INTERFACE ${arg_PUBLIC})
    endif()
    add_library(Ifrit::${arg_ALIAS} ALIAS ${target})
endfunction()

# ifrit_program(ifrit-master SOURCES main.cpp LINK Ifrit::MasterApp [HEADERS ...])
# HEADERS as of ifrit_library(), default none; its sources are joined where it is given.
function(ifrit_program target)
    cmake_parse_arguments(arg "MOC" "HEADERS" "SOURCES;LINK" ${ARGN})
    add_executable(${target} ${arg_SOURCES})
    ifrit_common(${target})
    target_link_libraries(${target} PRIVATE ${arg_LINK})
    if(arg_HEADERS)
        ifrit_join(${target})
        ifrit_use_headers(${target} ${arg_HEADERS})
    endif()
    target_compile_definitions(${target} PRIVATE IFRIT_VERSION="${PROJECT_VERSION}")
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
    if(arg_MOC)
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
    endif()
endfunction()

# A program that tests start thousands of times. Most of a start is to load sixty shared libraries of
# gRPC and Abseil and to bind them to each other: where nothing is packaged it carries them.
function(ifrit_starts_often target)
    if(CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT IFRIT_MANAGE_ONLY)
        set_target_properties(${target} PROPERTIES IFRIT_SELF_CONTAINED ON)
        target_link_options(${target} PRIVATE -Wl,--gc-sections)
    endif()
endfunction()
